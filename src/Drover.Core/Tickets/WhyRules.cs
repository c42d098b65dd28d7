namespace Drover.Core;

/// <summary>What keeps a ticket where it is.</summary>
/// <param name="Code">Stable, for scripts.</param>
/// <param name="Text">A sentence that ends with what would move it on.</param>
public sealed record Why(string Code, string Text);

/// <summary>The facts that <see cref="WhyRules"/> judges by.</summary>
/// <param name="Run">The run that works on the ticket.</param>
/// <param name="Landing">What its landing waits for or has come to, as a sentence; null without a landing.</param>
public sealed record WhyFacts(TicketKey Key, Stage Stage, string? Blocked, string? Held, Principal? HeldBy, RunName? Run, RunStatus? RunStatus, string? Landing)
{
    /// <summary>What the run's status rests on.</summary>
    public string? Evidence { get; init; }

    /// <summary>What the scheduler says of it; null where that was not asked, or it needs no agent.</summary>
    public Why? Waiting { get; init; }
}

public static class WhyRules
{
    public static Why Of(WhyFacts facts)
    {
        var key = facts.Key;
        if (facts.Stage.IsFinal())
            return new(facts.Stage.Word(), facts.Stage == Stage.Done ? $"{key} is done: its work has landed." : $"{key} was cancelled.");
        if (facts.Held is { } held) return new("held", $"{key} is held by {facts.HeldBy}: {held}. 'drover ticket release {key}' lets it go on.");
        if (facts.Run is { } run)
            return new("running", $"{run} works on {key} ({(facts.RunStatus ?? RunStatus.Unknown).Word()}{(facts.Evidence is null ? "" : $": {facts.Evidence}")}). "
                + (facts.RunStatus == RunStatus.NeedsInput ? "'drover inbox' shows what it asks, and how it is answered." : $"'drover logs -f {run}' shows it."));
        if (facts.Blocked is { } blocked) return new("blocked", $"{key} is blocked: {blocked.TrimEnd('.')}.{(blocked.Contains($"drover merge {key}", StringComparison.Ordinal) ? "" : $" {Unblocking(key, facts.Stage)}")}");
        if (facts.Waiting is { } waiting) return waiting;
        return new(facts.Stage.Word(), facts.Stage switch
        {
            Stage.Backlog => $"{key} waits for your go: 'drover run start {key}' begins at once, 'drover ticket move {key} ready' queues it.",
            Stage.Ready => $"{key} is ready and waits for an agent.",
            Stage.Coding => $"{key} is in coding and waits for its agent to go on.",
            Stage.Review => facts.Landing ?? $"{key} waits for you: 'drover diff {key}' shows the work, 'drover merge {key}' lands it.",
            Stage.Merging => facts.Landing ?? $"{key} waits for its turn to land.",
            Stage.Done or Stage.Cancelled => "",
        });
    }

    private static string Unblocking(TicketKey key, Stage stage) => stage switch
    {
        Stage.Review or Stage.Merging => $"'drover merge {key}' tries to land it again, 'drover run refine {key} TEXT' has its agent go on with it.",
        Stage.Backlog or Stage.Ready or Stage.Coding or Stage.Done or Stage.Cancelled =>
            $"'drover run resume {key}' goes on with the last run, 'drover run start {key}' tries anew, 'drover ticket unblock {key}' clears the flag.",
    };
}
