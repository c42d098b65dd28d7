namespace Drover.Core;

/// <summary>When a message to a live run is to be read: inside the turn, after it, or instead of what it does now.</summary>
public enum SteerMode { Now, Next, Interrupt }

/// <summary>How far a message to a live run has come. <see cref="Unknown"/>: the agent died after it was written and before it said that it had read it, or
/// ended the turn that it was to go into and never answered it.</summary>
public enum SteerState { Queued, Written, Acknowledged, Refused, Unknown }
