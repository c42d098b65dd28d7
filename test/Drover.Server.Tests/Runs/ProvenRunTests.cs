using Drover.Api;
using Drover.Core;
using Drover.Server.Conformance;
using Drover.Server.Http;
using Drover.Server.Journaling;
using Drover.Server.Runs;
using Xunit;

namespace Drover.Server.Tests.Runs;

/// <summary>What doctor has found out about a program counts when a settled run is gone on with.</summary>
public sealed class ProvenRunTests
{
    private static readonly Plan Script = new("turns: [[{edit: {path: a.txt, content: x}}, {commit: A}, {say: A is there.}], [{edit: {path: b.txt, content: x}}, {commit: B}, {say: B too.}]]");

    [Fact]
    public async Task A_conversation_that_the_program_was_seen_to_lose_is_not_asked_for()
    {
        await using var shop = await Workshop.Open(Script);
        var first = await shop.Settled(await shop.Start());
        Prove(shop, KitStep.Resume);

        var second = await shop.Settled(await shop.Continue(first, Continuation.Resume));

        Assert.Equal("drover doctor found with some 1.0: it did not", second.FreshReason);
        Assert.DoesNotContain("--resume", shop.Order(second).Command);
        Assert.NotEqual(first.Conversation.VendorId, second.Conversation.VendorId);
        Assert.DoesNotContain(shop.Events(second), e => e.Type == EventTypes.RunAnew);
        Assert.Equal(Outcome.Succeeded, second.Ending!.Outcome);
    }

    [Fact]
    public async Task A_copy_that_the_program_was_seen_not_to_make_is_refused()
    {
        await using var shop = await Workshop.Open(Script);
        var first = await shop.Settled(await shop.Start());
        Prove(shop, KitStep.Fork);

        var refused = await Assert.ThrowsAsync<Refusal>(() => shop.Continue(first, Continuation.Resume, fork: true));
        var resumed = await shop.Settled(await shop.Continue(first, Continuation.Resume));

        Assert.Equal("cannot_fork", refused.Kind.Code);
        Assert.Contains("drover doctor found with some 1.0: it did not. No other agent in drover.yaml can", refused.Message, StringComparison.Ordinal);
        Assert.Null(resumed.FreshReason);
    }

    [Fact]
    public async Task An_agent_whose_program_does_not_start_is_not_given_a_run_to_go_on_with()
    {
        await using var shop = await Workshop.Open(Script);
        var first = await shop.Settled(await shop.Start());
        Prove(shop, KitStep.Start);

        var resumed = await Assert.ThrowsAsync<Refusal>(() => shop.Continue(first, Continuation.Resume));
        var refined = await Assert.ThrowsAsync<Refusal>(() => shop.Continue(first, Continuation.Refine, "More."));
        var started = await shop.Refused(Workshop.Wish(await shop.File()));

        Assert.All([resumed, refined, started], r => Assert.Equal("agent_unfit", r.Kind.Code));
        Assert.Contains("drover doctor --agent coder", resumed.Message, StringComparison.Ordinal);
    }

    /// <summary>As doctor would, had this step failed with the scripted agent.</summary>
    private static void Prove(Workshop shop, KitStep failed)
    {
        string[] command = [Path.GetFullPath(Workshop.Rehearsal), "agent", "--protocol", "stream-json", "--script", shop.ScriptFile];
        new Cards(DroverHome.At(shop.Home)).Keep(new(
            "some", "claude", command, "1.0", ProgramMark.Of(command), Kit.Number, DateTimeOffset.UnixEpoch, "none",
            [new(failed.Word(), StepOutcome.Failed.Word(), "it did not", [])]));
    }
}
