namespace Drover.Rehearsal.Model;

/// <summary>Where a conversation stands, read from nothing but the messages of one request: so retries, restarts and parallel conversations cannot get out of step.</summary>
/// <param name="Prompts">What the user has asked, oldest first. What the CLI adds of its own is not among it.</param>
/// <param name="ToolCalls">How many tools the model has called since the last prompt.</param>
/// <param name="UserMessages">All that the user has said, with the steers that were slipped in during a turn, as the request has it.</param>
internal sealed record History(IReadOnlyList<string> Prompts, int ToolCalls, IReadOnlyList<string> UserMessages);
