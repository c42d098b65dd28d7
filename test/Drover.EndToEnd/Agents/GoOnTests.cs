using Drover.Agents;
using Drover.Api;
using Drover.EndToEnd.Killing;
using Xunit;

namespace Drover.EndToEnd.Agents;

/// <summary>Work of a real agent that is gone on with by another run: what failed its gate is refined, what was stopped is resumed, all in one conversation, beside a copy of it.</summary>
public sealed class GoOnTests
{
    private static readonly Together<string> s_together = new(RealAgentTests.Names, RefineAndResume);

    /// <summary>Gemini CLI's protocol has copies of conversations, and the program offers none.</summary>
    private static readonly string[] s_cannotFork = ["gemini"];

    public static TheoryData<string> Agents => [.. RealAgentTests.Names];

    [Theory]
    [MemberData(nameof(Agents))]
    [Trait("row", "K6")]
    public Task Its_work_is_refined_stopped_and_resumed_in_the_same_conversation_and_lands(string agent) => s_together.Of(agent);

    private static async Task RefineAndResume(string agent)
    {
        await using var real = await RealTrial.Begin(agent, Script, gate: "test -e src/third.txt");
        var trial = real.Trial;
        var first = await trial.Settled(await real.Start());
        Assert.True(first.Outcome == "succeeded", $"{first.Outcome} {first.Class} {first.Reason}\n{trial.Server.Log}");
        await Eventually.True(() => trial.Ticket().Result.Blocked is not null, () => $"its gate has failed\n{trial.Server.Log}");

        await Fork(real, first, !s_cannotFork.Contains(agent));

        var refining = await trial.Person.Refine(first.Id, "REFINE<1> the second file is missing");
        await trial.Noted("began");
        await trial.Person.Stop(refining.Id, "enough for today");
        var second = await trial.Settled(refining);
        var third = await trial.Settled(await trial.Person.Resume(second.Id));

        Assert.Equal(("stopped", first.Id, null, first.Conversation), (second.Outcome, second.ResumeOf, second.FreshReason, second.Conversation));
        Assert.True(third.Outcome == "succeeded", $"{third.Outcome} {third.Class} {third.Reason}\n{trial.Server.Log}");
        Assert.Equal(second.Id, third.ResumeOf);
        Assert.Equal(3, third.Work?.Commits);
        await Eventually.True(() => trial.Ticket().Result.Stage == "done", () => $"it landed\n{trial.Server.Log}");
        Assert.Equal("src/first.txt\nsrc/second.txt\nsrc/third.txt\nsrc/work.txt", trial.Site.Git("ls-tree", "--name-only", "main", "src/"));
        Assert.Equal((null, first.Conversation), (third.FreshReason, third.Conversation));
        AssertInOrder(real, "Whatever comes.", "REFINE<1>", "was interrupted and now goes on");
        Assert.DoesNotContain("FORK<1>", real.LastWith("REFINE<1>"), StringComparison.Ordinal);
    }

    /// <summary>The copy knows what was said; what is said to it is for it alone.</summary>
    private static async Task Fork(RealTrial real, RunJson first, bool can)
    {
        var trial = real.Trial;
        var fork = await trial.Settled(await trial.Person.Fork(first.Id, "FORK<1> what do you remember?"));
        Assert.Equal((first.Id, first.Conversation, null), (fork.ResumeOf, fork.ForkOf, fork.FreshReason));
        await Eventually.True(() => trial.Ticket().Result.Blocked is not null, () => $"its gate has failed again\n{trial.Server.Log}");
        if (!can)
        {
            Assert.Equal(("failed", Adapter.CannotFork), (fork.Outcome, fork.Reason));
            return;
        }

        Assert.True(fork.Outcome == "succeeded", $"{fork.Outcome} {fork.Class} {fork.Reason}\n{trial.Server.Log}");
        Assert.NotEqual(first.Conversation, fork.Conversation);
        Assert.Contains("Whatever comes.", real.LastWith("FORK<1>"), StringComparison.Ordinal);
        Assert.Contains("I am a copy.", trial.Texts());
    }

    /// <summary>The model was given all of these in one conversation, once each and in their order.</summary>
    private static void AssertInOrder(RealTrial real, params string[] said)
    {
        var all = string.Join("\n---\n", real.Conversations().Select(c => string.Join('\n', c)));
        var conversation = Assert.Single(real.Conversations(), c => c.Any(m => m.Contains(said[^1], StringComparison.Ordinal)));
        var places = said.Select(text => conversation.Index().Where(m => m.Item.Contains(text, StringComparison.Ordinal)).Select(m => m.Index).ToList()).ToList();
        Assert.True(places.All(p => p.Count == 1), all);
        Assert.True(places.SelectMany(p => p).Order().SequenceEqual(places.SelectMany(p => p)), all);
    }

    private static string Script(Site site) => $$$"""
        rules:
          - when: Whatever comes
            turns:
              - [{edit: {path: src/work.txt, content: "work\n"}}, {commit: Work}, {say: That is all.}]
              - [{edit: {path: src/second.txt, content: "second\n"}}, {commit: Second}, {tool: {run: 'touch {{{site.Shared}}}/began; sleep 1000'}}, {say: Never said.}]
              - when: FORK<1>
                steps: [{say: I am a copy.}]
            default: [{edit: {path: src/third.txt, content: "third\n"}}, {commit: Third}, {say: And the rest.}]
        """;
}
