using Drover.Core;
using Drover.Server.Journaling;
using Drover.Server.Runs;
using Drover.Server.Tickets;
using Xunit;

namespace Drover.Server.Tests.Runs;

/// <summary>What the vendor refuses for now is waited out with the same process and the same conversation.</summary>
public sealed class WaitTests
{
    private const string Work = "{edit: {path: a.txt, content: x}}, {commit: A}, {say: Done.}";

    [Fact]
    public async Task A_usage_limit_is_waited_out_and_the_same_conversation_goes_on()
    {
        await using var shop = await Workshop.Open(new Plan($"turns: [[{{say: I begin.}}, {{usage_limit: {{resets_in: 2s}}}}], [{Work}]]"));

        var run = await shop.Settled(await shop.Start());

        Assert.Equal((Outcome.Succeeded, 1, 0), (run.Ending!.Outcome, run.Result.Commits, run.Wait.InARow));
        Assert.Null(run.Wait.Until);
        Assert.True(run.Wait.Before > TimeSpan.Zero);
        Assert.Single(shop.Journal.Read(db => RunTable.Of(db, run.Ticket!.Value)));
        Assert.Single(shop.Events(run), e => e.Type == EventTypes.ConversationStarted);
        var waiting = Assert.Single(shop.Events(run), e => e.Type == EventTypes.RunWaiting);
        Assert.Contains("usage_limit", waiting.Data, StringComparison.Ordinal);
        Assert.Equal(2, shop.Events(run).Count(e => e.Type == EventTypes.PromptAccepted));
        Assert.Equal([Outcome.Failed, Outcome.Succeeded], shop.Journal.Read(db => TurnTable.Of(db, run.Id)).Select(t => t.Result!.Outcome));
    }

    [Theory]
    [InlineData("error: 529", FailureClass.Overloaded)]
    [InlineData("drop", FailureClass.Connection)]
    public async Task An_overloaded_vendor_and_a_broken_line_are_waited_out_although_they_name_no_time(string trouble, FailureClass cause)
    {
        await using var shop = await Workshop.Open(new Plan($"turns: [[{{say: I begin.}}, {{{trouble}}}], [{Work}]]".Replace("{drop}", "drop", StringComparison.Ordinal)));
        var run = await shop.Start();
        await Waiting(shop, run);
        Assert.Equal(cause, shop.Journal.Read(db => TurnTable.LastOfProcess(db, run.Id))!.Result!.Class);

        await Hasten(shop, run);

        Assert.Equal(Outcome.Succeeded, (await shop.Settled(run)).Ending!.Outcome);
    }

    [Fact]
    public async Task A_waiting_run_is_limited_says_until_when_and_is_no_silent_one()
    {
        await using var shop = await Workshop.Open(new Plan($"turns: [[{{say: I begin.}}, {{usage_limit: {{resets_in: 1h}}}}], [{Work}]]") with { Agent = "limits: {idle: 1s, wall: 3s}" });
        var run = await shop.Start();
        await Waiting(shop, run);
        var until = shop.Get(run).Wait.Until!.Value;
        var shown = Status(shop, run);
        var awake = shop.Get(run).Progress.Awake;

        Assert.Equal(RunStatus.Limited, shown.Status);
        Assert.Contains(until.UtcDateTime.ToString("yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture), shown.Evidence, StringComparison.Ordinal);
        var why = shop.Journal.Read(db => TicketView.Why(db, run.Ticket!.Value, TimeProvider.System.GetUtcNow())).Text;
        Assert.Contains("limited", why, StringComparison.Ordinal);
        Assert.Contains("the same conversation goes on then", why, StringComparison.Ordinal);

        // Longer than both limits would allow it to.
        await Workshop.Until(() => TimeProvider.System.GetUtcNow() > shop.Get(run).Wait.Since + TimeSpan.FromSeconds(4), () => shop.Describe(run));
        Assert.Equal((RunState.Live, awake), (shop.Get(run).State, shop.Get(run).Progress.Awake));
        await Hasten(shop, run);
        Assert.Equal(Outcome.Succeeded, (await shop.Settled(run)).Ending!.Outcome);
    }

    [Fact]
    public async Task A_stop_ends_a_wait_at_once()
    {
        await using var shop = await Workshop.Open(new Plan($"turns: [[{{usage_limit: {{resets_in: 1h}}}}], [{Work}]]"));
        var run = await shop.Start();
        await Waiting(shop, run);

        var settled = await shop.Stop(run);

        Assert.Equal((Outcome.Stopped, "enough"), (settled.Ending!.Outcome, settled.Ending.Reason));
        Assert.Equal(RunStatus.Stopped, Status(shop, run).Status);
        Assert.Empty(Workshop.Processes(run));
    }

    [Fact]
    public async Task Whatever_is_said_to_a_waiting_run_ends_the_wait_and_goes_on_with_it()
    {
        await using var shop = await Workshop.Open(new Plan($"turns: [[{{say: I begin.}}, {{usage_limit: {{resets_in: 1h}}}}], [{Work}]]"));
        var run = await shop.Start();
        await Waiting(shop, run);

        var steer = await shop.Say(run, "It is lifted.", SteerMode.Next);
        var settled = await shop.Settled(run);

        Assert.Equal((Outcome.Succeeded, SteerState.Acknowledged), (settled.Ending!.Outcome, shop.Steer(steer).State));
        Assert.Single(shop.Events(run), e => e.Type == EventTypes.PromptAccepted);
    }

    [Fact]
    public async Task The_wait_is_a_row_and_the_next_server_waits_on_and_goes_on_with_the_same_process()
    {
        await using var shop = await Workshop.Open(new Plan($"turns: [[{{say: I begin.}}, {{usage_limit: {{resets_in: 1h}}}}], [{Work}]]"));
        var run = await shop.Start();
        await Waiting(shop, run);
        var (until, process) = (shop.Get(run).Wait.Until, shop.Get(run).Process);

        await shop.Restart();
        Assert.Equal((RunState.Live, until), (shop.Get(run).State, shop.Get(run).Wait.Until));
        await Hasten(shop, run);
        var settled = await shop.Settled(run);

        Assert.Equal((Outcome.Succeeded, process), (settled.Ending!.Outcome, settled.Process));
        Assert.Equal(2, shop.Events(run).Count(e => e.Type == EventTypes.PromptWritten));
    }

    [Fact]
    public async Task What_would_take_longer_than_the_run_may_wait_ends_it_with_the_time_and_resume_goes_on_later()
    {
        await using var shop = await Workshop.Open(new Plan($"turns: [[{{say: I begin.}}, {{usage_limit: {{resets_in: 2h}}}}], [{Work}]]") with { Agent = "limits: {wait: 1h}" });

        var run = await shop.Settled(await shop.Start());

        Assert.Equal((Outcome.Failed, FailureClass.UsageLimit, true), (run.Ending!.Outcome, run.Ending.Class, run.Ending.Retryable));
        Assert.NotNull(run.Ending.ResetsAt);
        Assert.Contains("limits.wait is 60 min", run.Ending.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(shop.Events(run), e => e.Type == EventTypes.RunWaiting);
        var resumed = await shop.Settled(await shop.Continue(run, Continuation.Resume));
        Assert.Equal((Outcome.Succeeded, run.Conversation.VendorId), (resumed.Ending!.Outcome, resumed.Conversation.VendorId));
    }

    [Theory]
    [InlineData("error: 401", FailureClass.Auth)]
    [InlineData("error: 413", FailureClass.Context)]
    public async Task What_does_not_pass_by_itself_ends_the_run_at_once(string trouble, FailureClass cause)
    {
        await using var shop = await Workshop.Open(new Plan($"turns: [[{{say: I begin.}}, {{{trouble}}}], [{Work}]]"));

        var run = await shop.Settled(await shop.Start());

        Assert.Equal((Outcome.Failed, cause), (run.Ending!.Outcome, run.Ending.Class));
        await Workshop.Until(() => shop.Ticket(run).Blocked is not null, () => shop.Describe(run));
        Assert.StartsWith($"{run.Name} failed ({cause.Word()}): {run.Ending.Reason}", shop.Ticket(run).Blocked!.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(shop.Events(run), e => e.Type == EventTypes.RunWaiting);
    }

    private static Task Waiting(Workshop shop, RunRow run) => Workshop.Until(() => shop.Get(run).Wait.Until is not null, () => shop.Describe(run));

    /// <summary>The time comes now.</summary>
    private static Task Hasten(Workshop shop, RunRow run) => shop.Journal.Do(Priority.Urgent, tx =>
        Assert.Equal(1, tx.Execute($"UPDATE runs SET waiting_until = {tx.Now} WHERE id = {run.Id} AND waiting_until IS NOT NULL")));

    private static ShownStatus Status(Workshop shop, RunRow run) => shop.Journal.Read(db => RunView.Status(db, RunTable.Get(db, run.Id)!, TimeProvider.System.GetUtcNow()));
}
