using Xunit;

namespace Drover.EndToEnd.Killing;

public sealed class AdoptionTests
{
    [Fact]
    [Trait("row", "K35")]
    public async Task An_agent_works_on_while_no_server_lives_and_all_of_it_is_there_afterwards()
    {
        await using var trial = await Trial.Begin(
        [
            "say: before",
            "tool: {run: 'touch @/began'}",
            "wait_for: '@/go'",
            "repeat: {times: 20, steps: [{say: 'alone ${i}'}, {tool: {run: 'echo ${i} >> alone.txt'}}]}",
            "commit: Alone",
            "tool: {run: 'touch @/committed'}",
            "wait_for: '@/end'",
            "say: after",
        ]);
        var run = await trial.Start();
        await trial.Noted("began");

        await trial.KillServer();
        trial.Tell("go");
        await trial.Noted("committed");
        trial.Restart();
        trial.Tell("end");
        var settled = await trial.Settled(run);
        await trial.Feed.Until(e => e.Type == "run.settled", "the run's end");

        Assert.Equal("succeeded", settled.Outcome);
        Assert.Equal(["before", .. Enumerable.Range(1, 20).Select(n => $"alone {n}"), "after"], trial.Texts());
        Assert.Equal(1, trial.Feed.Events.Count(e => e.Type == "agent.ready"));
    }
}
