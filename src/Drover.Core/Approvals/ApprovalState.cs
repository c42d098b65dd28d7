namespace Drover.Core;

/// <summary>What became of an agent's question for permission. <see cref="Expired"/>: nobody answered in time, or the agent took the question back, or its run ended.</summary>
public enum ApprovalState { Pending, Allowed, Denied, Expired }
