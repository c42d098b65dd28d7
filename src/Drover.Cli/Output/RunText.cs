using System.Globalization;
using Drover.Api;
using Drover.Cli.Parsing;

namespace Drover.Cli.Output;

internal static class RunText
{
    public static int Done(Call call, byte[] answer, Func<RunJson, string> say) =>
        call.Say(answer, ApiJson.Default.RunJson, run => run.Warning is { } warning ? $"{say(run)}\nwarning: {warning}" : say(run));

    /// <summary>Goes on with a settled run and says how.</summary>
    public static int Continued(Call call, Argument which, string verb, ContinueRunJson wish)
    {
        var answer = call.Server.Change("POST", $"{RunNames.Address(call, which)}/{verb}", wish, ApiJson.Default.ContinueRunJson, Guid.NewGuid());
        return Done(call, answer, run =>
            $"{run.Name}  {run.State}  agent {run.Agent}, id {run.Id}\n{Begins(run)}\nnext: drover logs -f {run.Name}");
    }

    /// <summary>What is asked of its agent. Whether that can do it shows only when it has started.</summary>
    private static string Begins(RunJson run) => run switch
    {
        { FreshReason: { } why } => $"it begins a new conversation: {why}",
        { ForkOf: not null } => "it asks its agent to go on with a copy of the conversation",
        _ => $"it asks its agent to go on with the conversation; if the agent does not know that any more, a fresh one begins, and 'drover run show {run.Name}' says so",
    };

    public static void Write(RunJson run, TextWriter output)
    {
        output.WriteLine(Terminal.Strong(Terminal.Plain($"{run.Name}  {run.Status}")));
        Line(output, "id", run.Id);
        Line(output, "ticket", run.Ticket);
        Line(output, "attempt", run.Attempt);
        Line(output, "agent", $"{run.Agent} as {run.Role}{(run.Model is null ? "" : $", {run.Model}")}");
        Line(output, "state", run.State);
        Line(output, "outcome", run.Outcome is null ? null : run.Class is null ? run.Outcome : $"{run.Outcome} ({run.Class})");
        Line(output, "reason", run.Reason is null ? null : $"{run.Reason} (by {run.Actor})");
        Line(output, "worktree", run.Worktree);
        Line(output, "branch", run.Branch);
        Line(output, "base", run.Base);
        Line(output, "head", run.Head);
        if (run.Work is { } work) Line(output, "work", Work(work));
        Line(output, "talk", run.Conversation);
        Line(output, "goes on", GoesOn(run));
        Line(output, "waits", run.WaitingUntil is { } until ? $"until {Time.Local(until)}: {run.Evidence}" : null);
        Line(output, "asks", run.Status == "needs_input" ? $"{run.Evidence}: drover inbox" : null);
        Line(output, "sandbox", run.Sandbox is null ? null : $"{run.Sandbox}, containment {run.Containment}");
        foreach (var message in run.Messages ?? [])
            Line(output, "told", $"{message.State} ({message.Mode}, {Time.Local(message.CreatedAt)}): {OneLine(message.Text)}{(message.Why is null ? "" : $" [{message.Why}]")}");
        Line(output, "usage", Usage(run.Usage));
        foreach (var turn in run.Turns is { Count: > 1 } turns ? turns : [])
            Line(output, $"  turn {turn.Number.ToString(CultureInfo.InvariantCulture)}", $"{turn.Outcome ?? "open"}{(turn.Class is null ? "" : $" ({turn.Class})")}: {Usage(turn.Usage)}");
        Line(output, "command", run.CommandLine is { Count: > 0 } words ? string.Join(' ', words) : null);
        Line(output, "created", Time.Local(run.CreatedAt));
        Line(output, "ended", run.EndedAt is { } ended ? $"{Time.Local(ended)}, after {Time.Took(run.StartedAt ?? run.CreatedAt, ended)}" : null);
        Line(output, "note", run.Note);
        if (run.Summary is { Length: > 0 } summary) output.WriteLine($"\n{Terminal.Plain(summary).TrimEnd()}");
    }

    public static string Usage(UsageJson usage) => string.Create(CultureInfo.InvariantCulture,
        $"{usage.Input} in, {usage.Output} out, {usage.CacheRead} from cache{(usage.CacheWrite > 0 ? $", {usage.CacheWrite} to cache" : "")}{(Cost(usage) is { } cost ? $", {cost}" : usage.Partial ? ", cost unknown" : "")}");

    /// <summary>Null when nobody knows it.</summary>
    public static string? Cost(UsageJson usage) => usage.Usd is not { } usd ? null
        : string.Create(CultureInfo.InvariantCulture, $"{usd:0.00##} USD{(usage.Basis == "reported" ? "" : $" ({usage.Basis})")}{(usage.Partial ? " and more" : "")}");

    private static string? GoesOn(RunJson run) => run switch
    {
        { ForkOf: { } original } => $"with a copy of the conversation {original}{(run.ResumeOf is null ? "" : $" of {run.ResumeOf}")}",
        { FreshReason: { } why } => $"{(run.ResumeOf is null ? "" : $"after {run.ResumeOf}, ")}in a new conversation: {why}",
        { ResumeOf: null } => null,
        { State: "reserved" or "preparing" or "starting" } => $"with the conversation of {run.ResumeOf}, if its agent knows it still",
        _ => $"with the conversation of {run.ResumeOf}",
    };

    private static string OneLine(string text) => text.ReplaceLineEndings(" ") is { Length: > 80 } line ? line[..79] + "…" : text.ReplaceLineEndings(" ");

    private static string Work(SettledWorkJson work) => string.Create(CultureInfo.InvariantCulture,
        $"{work.Commits} commit{(work.Commits == 1 ? "" : "s")}, {work.Files} file{(work.Files == 1 ? "" : "s")}, +{work.Insertions} -{work.Deletions}{(work.Uncommitted.Count > 0 ? $"; uncommitted: {string.Join(", ", work.Uncommitted)}" : "")}");

    private static void Line(TextWriter output, string name, string? value)
    {
        if (value is not null) output.WriteLine($"{name,-10}{Terminal.Plain(value)}");
    }
}
