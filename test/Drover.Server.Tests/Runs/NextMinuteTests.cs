using Drover.Core;
using Drover.Server.Journaling;
using Drover.Server.Runs;
using Drover.Server.Tickets;
using Xunit;

namespace Drover.Server.Tests.Runs;

/// <summary>An agent that can take up a conversation only in another minute of the clock is started then.</summary>
public sealed class NextMinuteTests
{
    private const string Script = "turns: [[{edit: {path: a.txt, content: x}}, {commit: A}, {say: A is there.}], [{edit: {path: b.txt, content: x}}, {commit: B}, {say: B too.}]]";

    [Fact]
    public async Task It_waits_for_the_minute_through_a_restart_of_the_server_and_goes_on_with_the_conversation()
    {
        await using var shop = await Open();
        var first = await shop.Settled(await shop.Start());
        await Made(shop, first, TimeSpan.FromSeconds(30));

        var second = await shop.Continue(first, Continuation.Resume);
        await Waiting(shop, second);
        var shown = shop.Journal.Read(db => RunView.Status(db, RunTable.Get(db, second.Id)!, TimeProvider.System.GetUtcNow()));
        var until = shop.Get(second).Wait.Until;
        await shop.Restart();
        var again = shop.Get(second);
        await Made(shop, first, TimeSpan.FromHours(-1));
        second = await shop.Settled(second);

        Assert.Equal(RunStatus.Starting, shown.Status);
        Assert.Contains("only in another minute of the clock", shown.Evidence, StringComparison.Ordinal);
        Assert.Equal((Outcome.Succeeded, null, first.Conversation), (second.Ending!.Outcome, second.FreshReason, second.Conversation));
        Assert.Equal((RunState.Starting, until, null), (again.State, again.Wait.Until, again.Process));
        Assert.Null(second.Wait.Until);
        // It is no wait for the vendor: it makes none longer and uses up nothing of limits.wait.
        Assert.Equal((0, TimeSpan.Zero), (second.Wait.InARow, second.Wait.Before));
        Assert.Single(shop.Events(second), e => e.Type == EventTypes.RunWaiting);
    }

    [Fact]
    public async Task It_is_stopped_while_it_waits_and_the_next_takes_up_the_conversation_without_a_wait()
    {
        await using var shop = await Open();
        var first = await shop.Settled(await shop.Start());
        await Made(shop, first, TimeSpan.FromSeconds(30));

        var second = await shop.Continue(first, Continuation.Resume);
        await Waiting(shop, second);
        second = await shop.Stop(second);
        await Made(shop, first, TimeSpan.FromHours(-1));
        var third = await shop.Settled(await shop.Continue(second, Continuation.Resume));

        Assert.Equal((Outcome.Stopped, null, null), (second.Ending!.Outcome, second.Process, second.Wait.Until));
        Assert.Equal((Outcome.Succeeded, null, first.Conversation), (third.Ending!.Outcome, third.FreshReason, third.Conversation));
        Assert.DoesNotContain(shop.Events(third), e => e.Type == EventTypes.RunWaiting);
    }

    /// <summary>A scripted agent under the name of a program that is so.</summary>
    private static async Task<Workshop> Open()
    {
        var shop = await Workshop.Open(new Plan(Script));
        var program = shop.Sign("gemini");
        await File.WriteAllTextAsync(program, $"#!/bin/sh\nexec '{Path.GetFullPath(Workshop.Rehearsal)}' agent --protocol acp --script '{shop.ScriptFile}'\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        shop.Configure($"""
            name: app
            agents:
              coder:
                adapter: acp
                command: [{program}]
                home: isolated
            sandbox: off
            merge: never
            """);
        return shop;
    }

    private static Task Made(Workshop shop, RunRow run, TimeSpan fromNow) => shop.Journal.Do(Priority.Urgent, tx =>
        Assert.Equal(1, tx.Execute($"UPDATE conversations SET created_at = {tx.Now + fromNow} WHERE id = {run.Conversation.Id}")));

    private static Task Waiting(Workshop shop, RunRow run) => Workshop.Until(() => shop.Get(run).Wait.Until is not null, () => shop.Describe(run));
}
