using System.Text.Json;
using Drover.Api;
using Drover.EndToEnd.Killing;
using Drover.EndToEnd.Rehearsal;
using Xunit;

namespace Drover.EndToEnd.Approvals;

/// <summary>The real Claude Code asks, a human answers at the command line.</summary>
public sealed class RealClaudeApprovalTests
{
    [Fact]
    public async Task Claude_Code_does_what_a_human_allows_and_its_model_is_told_what_was_denied()
    {
        using var scratch = new Scratch();
        await using var model = await ModelProcess.Start(scratch, """
            steps:
              - tool: {run: "echo one > one.txt"}
              - tool: {run: "echo two > two.txt"}
              - edit: {path: docs/three.md, content: "three\n"}
              - commit: What was allowed
              - say: Done.
            """);
        await using var trial = await Trial.Begin(["say: unused"], $$"""
            command: [{{await Rehearsal.Agents.ClaudeProgram()}}]
                home: isolated
                approvals: {default: ask, allow: ["edit:docs/**"]}
                environment: {set: {ANTHROPIC_BASE_URL: "{{model.Url}}", ANTHROPIC_API_KEY: test-key} }
            """);
        var run = await trial.Start();

        var first = await Asked(trial, "echo one > one.txt");
        Assert.Equal("needs_input", (await trial.Until(run, r => r.Status == "needs_input", "it waits")).Status);
        var (code, output, _) = trial.Site.Drover("answer", first.Id[..8], "allow");
        Assert.Equal((0, true), (code, output.Contains("allowed", StringComparison.Ordinal)));
        var second = await Asked(trial, "echo two > two.txt");
        Assert.Equal(0, trial.Site.Drover("answer", second.Id, "deny", "--why", "One file is enough.").Code);
        var again = trial.Site.Drover("answer", second.Id, "allow");
        Assert.Equal((ExitCodes.Refused, true), (again.Code, again.Error.Contains("denied already, by human:", StringComparison.Ordinal)));
        var commit = await Asked(trial, "git");
        Assert.Equal(0, trial.Site.Drover("answer", commit.Id, "allow").Code);
        var settled = await trial.Settled(run);
        await trial.Feed.Until(e => e.Type == "worktree.removed", "it has landed");

        Assert.Equal("succeeded", settled.Outcome);
        Assert.Equal("docs/three.md\none.txt", trial.Site.Git("diff", "--name-only", "main~1", "main"));
        Assert.Contains(trial.Feed.Events, e => e.Type == "tool.returned" && e.Data.ToString().Contains("One file is enough.", StringComparison.Ordinal));
        var answers = trial.Feed.Events.Where(e => e.Type == "approval.settled").Select(e => $"{e.Actor!.Split(':')[0]} {e.Data.GetProperty("state")}");
        Assert.Equal(["human allowed", "human denied", "server allowed", "human allowed"], answers);
    }

    private static async Task<ApprovalJson> Asked(Trial trial, string command)
    {
        ApprovalJson? found = null;
        await Eventually.True(() => (found = Inbox(trial).Approvals.FirstOrDefault(a => a.Command?.StartsWith(command, StringComparison.Ordinal) == true)) is not null,
            () => $"it asks for {command}; there is {JsonSerializer.Serialize(Inbox(trial), ApiJson.Default.InboxJson)}\n{trial.Server.Log}");
        return found!;
    }

    private static InboxJson Inbox(Trial trial) => JsonSerializer.Deserialize(trial.Site.Drover("inbox", "--json").Output, ApiJson.Default.InboxJson)!;
}
