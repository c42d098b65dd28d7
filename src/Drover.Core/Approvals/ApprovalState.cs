namespace Drover.Core;

/// <summary>What became of an agent's question for permission. <see cref="Expired"/>: the run ended before anybody answered.</summary>
public enum ApprovalState { Pending, Allowed, Denied, Expired }
