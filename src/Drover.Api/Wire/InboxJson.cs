namespace Drover.Api;

/// <summary>What waits for a human, oldest first; of each kind at most 200.</summary>
/// <param name="Approvals">Questions of agents for permission.</param>
/// <param name="Tickets">Finished work that waits for a word, and tickets that are blocked.</param>
public sealed record InboxJson(IReadOnlyList<ApprovalJson> Approvals, IReadOnlyList<WaitingJson> Tickets);

/// <summary>An agent's question for permission.</summary>
/// <param name="RunName">The run that asks.</param>
/// <param name="Tool">The vendor's name of the tool.</param>
/// <param name="Kind"><c>command, edit, read, fetch, question, other</c>.</param>
/// <param name="Command">The command line it would run.</param>
/// <param name="Files">The paths it is about, as the agent spelt them.</param>
/// <param name="Diff">What would change.</param>
/// <param name="Text">The agent's own words on it.</param>
/// <param name="Cut">Something was too long to be shown whole; the event <c>approval.asked</c> points to the whole.</param>
/// <param name="State"><c>pending, allowed, denied, expired</c>.</param>
/// <param name="By">Who settled it, as <c>kind:id</c>.</param>
/// <param name="Delivered">Whether the agent was told; false when it did not wait any more; null while that is open.</param>
/// <param name="ExpiresAt">While pending: when it is answered by the time-out, at the earliest; sleep of the machine and downtime of the server are added.</param>
public sealed record ApprovalJson(
    string Id, string Run, string RunName, string Project, string? Ticket, string Agent, string Tool, string Kind, string? Command, IReadOnlyList<string> Files,
    string? Diff, string? Text, bool Cut, string State, string? By, string? Why, bool? Delivered,
    DateTimeOffset AskedAt, DateTimeOffset? SettledAt, DateTimeOffset? ExpiresAt);

/// <param name="Answer"><c>allow</c> or <c>deny</c>.</param>
/// <param name="Why">For the record, and, with a denial, for the agent.</param>
public sealed record AnswerJson(string? Answer, string? Why);
