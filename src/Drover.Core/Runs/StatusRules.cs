using System.Globalization;

namespace Drover.Core;

/// <summary>A run's status with what it rests on.</summary>
/// <param name="Evidence">One sentence for people.</param>
/// <param name="Since">When the fact behind it was so; its age is now less this.</param>
public sealed record ShownStatus(RunStatus Status, string Evidence, DateTimeOffset Since);

/// <summary>One rule of the derivation.</summary>
/// <param name="When">The rule in words; docs/states.md is written from it.</param>
/// <param name="Match">The evidence when the rule applies, else null.</param>
public sealed record StatusRule(RunStatus Status, string When, Func<StatusFacts, DateTimeOffset, ShownStatus?> Match);

/// <summary>Derives a run's status. The first rule that matches wins, and the last one always does.</summary>
public static class StatusRules
{
    public static IReadOnlyList<StatusRule> InOrder { get; } =
    [
        Settled(RunStatus.Lost, Outcome.Lost),
        Settled(RunStatus.Stopped, Outcome.Stopped),
        Settled(RunStatus.Interrupted, Outcome.Interrupted),
        Settled(RunStatus.Failed, Outcome.Failed),
        Settled(RunStatus.Succeeded, Outcome.Succeeded),
        Rule(RunStatus.Stopping, "the state is `stopping`", (f, _) =>
            f.State == RunState.Stopping ? ("its process is being ended", f.StateAt) : null),
        Rule(RunStatus.Unknown, "a process should be there, and the last look at it failed, or found it gone while the run is not settled", (f, _) => f switch
        {
            { Process: ProcessFact.NotSeen } when HasProcess(f.State) => ("the last look at its process failed; that is not a death", f.ProcessAt),
            { Process: ProcessFact.Gone } when HasProcess(f.State) => ("its process has ended; how is still being read", f.ProcessAt),
            _ => null,
        }),
        Rule(RunStatus.NeedsInput, "an approval or a question waits for a human", (f, _) =>
            f.Asked > 0 ? (f.Asked == 1 ? "one approval or question waits for a human" : $"{f.Asked.ToString(CultureInfo.InvariantCulture)} approvals or questions wait for a human", f.AskedAt ?? f.StateAt) : null),
        Rule(RunStatus.Limited, "the vendor refuses requests, and the time it named, or until which Drover waits, has not come", (f, now) =>
            f.Limit is { } l && (l.ResetsAt is null || l.ResetsAt > now) ? (Limit(l), l.At) : null),
        Rule(RunStatus.Stuck, "a turn is open, all output is read, and more than half of what `limits.idle` or `limits.tool` allows has passed without a sign of life, or with one tool call", (f, _) =>
            f is { State: RunState.Live, TurnAt: not null, Silence: { } silence } ? (Silence(silence.Limit), silence.Since) : null),
        Rule(RunStatus.Starting, "the state is `reserved`, `preparing` or `starting`", (f, _) => f.State switch
        {
            RunState.Reserved => ("reserved; nothing exists yet", f.StateAt),
            RunState.Preparing => ("its worktree is being made", f.StateAt),
            RunState.Starting when f.StartsAt is { } at => (string.Create(CultureInfo.InvariantCulture,
                $"its agent is started at {at.UtcDateTime:HH:mm:ss} UTC: it can take up a conversation only in another minute of the clock than the one it was made in"), f.StateAt),
            RunState.Starting => ("its agent is being started; the first prompt is not accepted yet", f.StateAt),
            RunState.Live or RunState.Stopping or RunState.Settled => null,
        }),
        Rule(RunStatus.Working, "a turn is open", (f, _) => f switch
        {
            { TurnAt: not null, ToolAt: { } tool } => ("a tool call is open", tool),
            { TurnAt: { } turn } => ("a turn is open", Latest(turn, f.LastSignAt)),
            _ => null,
        }),
        Rule(RunStatus.Idle, "otherwise: the agent rests between turns", (f, _) => ("no turn is open", Latest(f.StateAt, f.LastSignAt))),
    ];

    public static ShownStatus Of(StatusFacts facts, DateTimeOffset now) => InOrder.Select(r => r.Match(facts, now)).First(s => s is not null)!;

    private static StatusRule Settled(RunStatus status, Outcome outcome) =>
        Rule(status, $"the state is `settled` and the outcome `{outcome.Word()}`", (f, _) =>
            f.State == RunState.Settled && f.Ending?.Outcome == outcome ? (f.Ending.Class is { } c ? $"{c.Word()}: {f.Ending.Reason}" : f.Ending.Reason, f.StateAt) : null);

    private static StatusRule Rule(RunStatus status, string when, Func<StatusFacts, DateTimeOffset, (string Evidence, DateTimeOffset Since)?> match) =>
        new(status, when, (facts, now) => match(facts, now) is var (evidence, since) ? new(status, evidence, since) : null);

    private static bool HasProcess(RunState state) => state switch
    {
        RunState.Starting or RunState.Live => true,
        RunState.Reserved or RunState.Preparing or RunState.Stopping or RunState.Settled => false,
    };

    private static string Silence(TimeLimit limit) => limit switch
    {
        TimeLimit.Idle => "no sign of life within an open turn",
        TimeLimit.Tool => "one tool call has been open for long",
        TimeLimit.Wall => "the run has gone on for long",
    };

    private static string Limit(LimitFact limit) => limit.ResetsAt is { } at
        ? $"{limit.Class.Word()} until {at.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC: {limit.Text}"
        : $"{limit.Class.Word()}: {limit.Text}";

    private static DateTimeOffset Latest(DateTimeOffset a, DateTimeOffset? b) => b > a ? b.Value : a;
}
