using Drover.Core;
using Xunit;

namespace Drover.EndToEnd.Killing;

/// <summary>The server dies between a human's answer and the agent that waits for it.</summary>
public sealed class ApprovalKillTests
{
    /// <summary>The third storing of frames is that of the answer: the greeting and the prompt come before it.</summary>
    public static TheoryData<string> Points => [nameof(CrashPoint.AnswerRecorded), "FramesStored:3", "FramesHalfWritten:3", "FramesWritten:3"];

    [Theory]
    [MemberData(nameof(Points))]
    public async Task An_answer_reaches_the_agent_once_wherever_the_server_dies_over_it(string point)
    {
        await using var trial = await Asking(point);
        var run = await trial.Start();
        await trial.Feed.Until(e => e.Type == "approval.asked", "the agent asks");
        Assert.Equal(0, trial.Server.Deaths);

        var asked = Assert.Single((await trial.Person.Inbox()).Approvals);
        var answer = await trial.Person.Answer(asked.Id, "allow");
        var settled = await trial.Settled(run);

        Assert.Equal(("succeeded", "allowed", 1), (settled.Outcome, answer.State, trial.Server.Deaths));
        Assert.Equal(["done"], trial.Site.Noted("asked"));
        Assert.Single(trial.Feed.Events, e => e.Type == "approval.settled");
        Assert.Single(File.ReadAllLines(trial.Job(run, "in")), l => l.Contains("\"behavior\":\"allow\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_question_that_was_open_when_the_server_died_is_asked_once_and_can_be_answered()
    {
        await using var trial = await Asking(null);
        var run = await trial.Start();
        await trial.Feed.Until(e => e.Type == "approval.asked", "the agent asks");

        await trial.KillServer();
        trial.Restart();
        await trial.Feed.Until(e => e.Type == "approval.asked", "the question is still known");
        var asked = Assert.Single((await trial.Person.Inbox()).Approvals);
        await trial.Person.Answer(asked.Id, "deny", "Not now.");
        var settled = await trial.Settled(run);

        Assert.Equal("succeeded", settled.Outcome);
        Assert.Empty(trial.Site.Noted("asked"));
        Assert.Single(trial.Feed.Events, e => e.Type == "approval.asked");
        Assert.Contains(trial.Feed.Events, e => e.Type == "tool.returned" && e.Data.ToString().Contains("Not now.", StringComparison.Ordinal));
    }

    private static async Task<Trial> Asking(string? crashAt)
    {
        var site = new Site();
        var script = Trial.Script(site, ["ask: {run: 'echo done >> @/asked'}", "edit: {path: src/one.txt, content: one}", "commit: One"]);
        await File.WriteAllTextAsync(Path.Combine(site.Root, "script.yaml"), script);
        return Trial.Begin(site, $"adapter: claude\n    {Trial.Scripted(site)}\n    approvals: {{default: ask, timeout: 1h}}", crashAt: crashAt);
    }
}
