using System.Text.Json;
using Drover.Core;
using Drover.Server.Journaling;
using Xunit;

namespace Drover.Server.Tests.Journaling;

public sealed class RunTableTests : IDisposable
{
    private readonly TestHome home = new();

    private Journal Journal => home.Journal;

    public void Dispose() => home.Dispose();

    [Fact]
    [Trait("row", "K2")]
    [Trait("row", "K21")]
    public async Task A_run_is_found_by_its_token_and_the_token_is_in_no_row_that_is_given_out()
    {
        var run = await Reserve("00000000000000a1", "SECRET");

        Assert.Equal(run, Journal.Read(db => RunTable.ByTokenHash(db, "SECRET"))!.Id);
        Assert.Null(Journal.Read(db => RunTable.ByTokenHash(db, "other")));
        Assert.DoesNotContain("SECRET", JsonSerializer.Serialize(Journal.Read(db => RunTable.Get(db, run))), StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET", JsonSerializer.Serialize(Journal.Read(db => RunTable.OrderOf(db, run))), StringComparison.Ordinal);
        Assert.Null(Journal.Read(db => RunTable.Get(db, new("00000000000000ff"))));
    }

    [Fact]
    [Trait("row", "K9")]
    [Trait("row", "A8")]
    public async Task A_reserved_run_holds_what_was_ordered_before_anything_is_made()
    {
        var run = await Reserve("00000000000000a1");

        var row = Journal.Read(db => RunTable.Get(db, run))!;
        Assert.Equivalent(Some.Run("00000000000000a1"), row, strict: true);
        Assert.Equal("""{"model":"m"}""", Journal.Read(db => RunTable.OrderOf(db, run))!.Settings);
        Assert.Null(row.Process);
        Assert.Null(row.Ending);
    }

    [Fact]
    [Trait("row", "K22")]
    public async Task Runs_are_listed_newest_first_fifty_at_most_without_the_removed()
    {
        await Journal.Do(Priority.Urgent, Some.Begin);
        for (var i = 0; i < 60; i++)
        {
            var id = $"00000000000000{i:x2}";
            await Journal.Do(Priority.Urgent, tx =>
            {
                RunTable.Insert(tx, Some.Run(id) with { CreatedAt = Some.Noon.AddMinutes(i) }, Some.Order, id);
                RunTable.Settle(tx, new(id), new(Outcome.Succeeded, null, "done", Some.Ann));
            });
        }

        await Journal.Do(Priority.Urgent, tx => RunTable.Delete(tx, new("000000000000003b")));

        Assert.Equal(Enumerable.Range(9, 50).Reverse().Select(i => $"00000000000000{i:x2}"), Journal.Read(db => RunTable.List(db)).Select(run => run.Id.Value));
    }

    [Fact]
    [Trait("row", "K23")]
    public async Task The_runs_of_a_ticket_are_listed_newest_first()
    {
        var other = new TicketKey("APP", 2);
        await Journal.Do(Priority.Urgent, tx =>
        {
            Some.Begin(tx);
            TicketTable.Insert(tx, Some.Ticket(other));
            RunTable.Insert(tx, Some.Run("00000000000000a1"), Some.Order, "1");
            RunTable.Insert(tx, Some.Run("00000000000000a2", "coder-2", Role.Reviewer) with { CreatedAt = Some.Noon.AddSeconds(1) }, Some.Order, "2");
            RunTable.Insert(tx, Some.Run("00000000000000a3", "coder-3") with { Ticket = other, Attempt = null }, Some.Order, "3");
        });

        Assert.Equal(["00000000000000a2", "00000000000000a1"], Journal.Read(db => RunTable.Of(db, Some.App1)).Select(run => run.Id.Value));
        Assert.Equal(["00000000000000a3"], Journal.Read(db => RunTable.Of(db, other)).Select(run => run.Id.Value));
    }

    [Fact]
    [Trait("row", "K25")]
    public async Task A_second_settle_is_too_late_and_changes_nothing()
    {
        var run = await Reserve("00000000000000a1");
        var first = new Ending(Outcome.Succeeded, null, "the turn ended", Some.Ann);

        Assert.True(await Journal.Do(Priority.Urgent, tx => RunTable.Settle(tx, run, first)));
        Assert.False(await Journal.Do(Priority.Urgent, tx => RunTable.Settle(tx, run, new(Outcome.Stopped, null, "late", Some.Ann))));

        Assert.Equal(first, Journal.Read(db => RunTable.Get(db, run))!.Ending);
    }

    [Fact]
    public async Task A_step_from_another_state_than_expected_is_too_late()
    {
        var run = await Reserve("00000000000000a1");

        Assert.False(await Journal.Do(Priority.Urgent, tx => RunTable.Move(tx, run, RunState.Preparing, RunState.Starting)));
        Assert.True(await Journal.Do(Priority.Urgent, tx => RunTable.Move(tx, run, RunState.Reserved, RunState.Preparing)));
        Assert.False(await Journal.Do(Priority.Urgent, tx => RunTable.Move(tx, run, RunState.Reserved, RunState.Preparing)));
        Assert.Equal(RunState.Preparing, Journal.Read(db => RunTable.Get(db, run))!.State);
    }

    [Fact]
    public async Task A_run_whose_agent_gets_another_process_starts_again_with_all_that_is_not_of_the_former_one()
    {
        var run = await Reserve("00000000000000a1");
        Assert.False(await Journal.Do(Priority.Urgent, tx => RunTable.GoOnWithSame(tx, run, "go on")));
        await Journal.Do(Priority.Urgent, tx =>
        {
            tx.Execute($"UPDATE runs SET state = 'live' WHERE id = {run}");
            ConversationTable.Insert(tx, new(new("c"), Some.App, null, run, NodeId.Local, "claude", "/home", "/tree", "vendor", "m", Some.Noon));
            RunTable.RecordConversation(tx, run, new(new("c"), "vendor"), "m");
            FrameTable.Append(tx, run, ["one\n"u8.ToArray()]);
            RunTable.RecordProgress(tx, run, 0, new() { Watermark = 70, AcceptedAt = Some.Noon, HandshakeAt = Some.Noon, PromptMessage = new("m") }, new("claude/1", "{}"));
            RunTable.AddUsage(tx, run, new(1, 2, 3, 4, null));
            TurnTable.EndUnannounced(tx, run, new(Outcome.Failed, FailureClass.RateLimit, "429", Retryable: true));
            RunTable.Move(tx, run, RunState.Live, RunState.Stopping);
            RunTable.RecordExit(tx, run, 1);
        });

        Assert.True(await Journal.Do(Priority.Urgent, tx => RunTable.GoOnWithSame(tx, run, "go on")));
        Assert.False(await Journal.Do(Priority.Urgent, tx => RunTable.GoOnAfresh(tx, run, "too late")));

        var again = Journal.Read(db => RunTable.Get(db, run))!;
        Assert.Equal((RunState.Starting, Successor.SameConversation, 2, 70L, "vendor"), (again.State, again.Successor, again.ProcessNumber, again.SpoolStart, again.ResumeVendorId));
        Assert.Equal(new() { Watermark = 70 }, again.Progress);
        Assert.Equal((new RunUsage(1, 2, 3, 4, null), Some.Noon, null), (again.Usage, again.BegunAt, again.Exit));
        Assert.Equal(("the whole prompt", "go on"), Journal.Read(db => RunTable.OrderOf(db, run)) is { } order ? (order.Prompt, order.Opening) : default);
        Assert.Empty(Journal.Read(db => FrameTable.From(db, run, 0)));
        Assert.Null(Journal.Read(db => RunTable.CheckpointOf(db, run)));
        Assert.Null(Journal.Read(db => TurnTable.LastOfProcess(db, run)));
        Assert.True(Assert.Single(Journal.Read(db => TurnTable.Of(db, run))).IsUntaken);
        Assert.True(await Journal.Do(Priority.Urgent, tx => RunTable.RemnantsCleared(tx, run)));
        Assert.False(await Journal.Do(Priority.Urgent, tx => RunTable.RemnantsCleared(tx, run)));

        await Journal.Do(Priority.Urgent, tx => tx.Execute($"UPDATE runs SET state = 'stopping', exit_at = {tx.Now} WHERE id = {run}"));
        Assert.True(await Journal.Do(Priority.Urgent, tx => RunTable.GoOnAfresh(tx, run, "it knows it no more")));
        again = Journal.Read(db => RunTable.Get(db, run))!;
        Assert.Equal((Successor.FreshConversation, 3, null, null, "it knows it no more"), (again.Successor, again.ProcessNumber, again.ResumeVendorId, again.Conversation.VendorId, again.FreshReason));
        Assert.Null(Journal.Read(db => RunTable.OrderOf(db, run))!.Opening);
    }

    [Fact]
    public async Task Frames_lie_end_to_end_and_are_read_from_any_byte_on()
    {
        var run = await Reserve("00000000000000a1");
        var ends = await Journal.Do(Priority.Urgent, tx => FrameTable.Append(tx, run, ["one\n"u8.ToArray(), "three\n"u8.ToArray()]));
        var more = await Journal.Do(Priority.Urgent, tx => FrameTable.Append(tx, run, ["four\n"u8.ToArray()]));

        Assert.Equal([4, 10], ends!);
        Assert.Equal([15], more!);
        Assert.Equal(15, Journal.Read(db => RunTable.Get(db, run))!.Progress.InputEnd);
        Assert.Equal([0, 4, 10], Starts(0));
        Assert.Equal([0, 4, 10], Starts(3));
        Assert.Equal([4, 10], Starts(4));
        Assert.Equal([10], Starts(14));
        Assert.Equal([], Starts(15));
        Assert.Equal("three\n"u8.ToArray(), Journal.Read(db => FrameTable.From(db, run, 4))[0].Bytes);

        await Journal.Do(Priority.Urgent, tx => FrameTable.DeleteWritten(tx, run, 9));
        Assert.Equal([4, 10], Starts(0));
        Assert.Equal([4, 10], Starts(9));
        await Journal.Do(Priority.Urgent, tx => FrameTable.DeleteWritten(tx, run, 10));
        Assert.Equal([10], Starts(10));

        await Journal.Do(Priority.Urgent, tx =>
        {
            RunTable.Settle(tx, run, new(Outcome.Stopped, null, "enough", Some.Ann));
            FrameTable.DeleteOf(tx, run);
            Assert.Null(FrameTable.Append(tx, run, ["late\n"u8.ToArray()]));
        });
        Assert.Equal([], Starts(0));

        IEnumerable<long> Starts(long offset) => Journal.Read(db => FrameTable.From(db, run, offset)).Select(frame => frame.Start);
    }

    [Fact]
    public async Task Turns_open_one_after_the_other_and_count_what_they_cost()
    {
        var run = await Reserve("00000000000000a1");
        await Journal.Do(Priority.Urgent, tx =>
        {
            Assert.Equal(1, TurnTable.Open(tx, run, new("m1")));
            Assert.Null(TurnTable.Open(tx, run, new("m2")));
            Assert.True(TurnTable.AddUsage(tx, run, new(1, 2, 3, 4, 0.5m)));
            Assert.True(TurnTable.End(tx, run, new(Outcome.Failed, FailureClass.Overloaded, "529", true, Some.Noon)));
            Assert.False(TurnTable.End(tx, run, new(Outcome.Succeeded, null, "again")));
            Assert.Equal(2, TurnTable.Open(tx, run, null));
        });

        var turns = Journal.Read(db => TurnTable.Of(db, run));
        Assert.Equal(new TurnResult(Outcome.Failed, FailureClass.Overloaded, "529", true, Some.Noon), turns[0].Result);
        Assert.Equal(new RunUsage(1, 2, 3, 4, 0.5m), turns[0].Usage);
        Assert.Null(turns[1].Result);
        Assert.Equal(1, Journal.Read(db => TurnTable.LastOfProcess(db, run))!.Number);
    }

    [Fact]
    public async Task A_steer_is_settled_once()
    {
        var run = await Reserve("00000000000000a1");
        var steer = new SteerRow(new("s1"), run, "say\n'hi'", SteerMode.Next, SteerState.Queued, null, Some.Ann, null, Some.Noon, null, null);
        await Journal.Do(Priority.Urgent, tx =>
        {
            SteerTable.Insert(tx, steer);
            Assert.False(SteerTable.Unknown(tx, steer.Id, "never written"));
            Assert.True(SteerTable.Written(tx, steer.Id, 40));
            Assert.False(SteerTable.Written(tx, steer.Id, 41));
            Assert.Equal(1, SteerTable.CountOpen(tx, run));
            Assert.True(SteerTable.Acknowledged(tx, steer.Id));
            Assert.False(SteerTable.Refused(tx, steer.Id, "late"));
            Assert.Equal(0, SteerTable.CountOpen(tx, run));
        });

        var stored = Assert.Single(Journal.Read(db => SteerTable.Of(db, run)));
        Assert.Equal(steer with { State = SteerState.Acknowledged, FrameEnd = 40, WrittenAt = stored.WrittenAt, SettledAt = stored.SettledAt }, stored);
        Assert.NotNull(stored.SettledAt);
        Assert.Empty(Journal.Read(db => SteerTable.Open(db, run)));
    }

    [Fact]
    public async Task An_approval_is_asked_once_and_answered_once()
    {
        var run = await Reserve("00000000000000a1");
        var asked = new ApprovalRow(new("a1"), run, "toolu_1", "Bash", """{"command":"ls"}""", ApprovalState.Pending, null, null, Some.Noon, null)
        {
            What = AskedFor.OfCommand("ls", "Look around"),
            Waited = TimeSpan.FromSeconds(3),
        };
        await Journal.Do(Priority.Urgent, tx => ApprovalTable.Insert(tx, asked));

        await Assert.ThrowsAsync<ConstraintException>(() => Journal.Do(Priority.Urgent, tx => ApprovalTable.Insert(tx, asked with { Id = new("a2") })));
        var stored = Assert.Single(Journal.Read(db => ApprovalTable.Pending(db, 10)));
        Assert.Equal(asked with { What = stored.What }, stored);
        Assert.Equal((AskedKind.Command, "ls", "Look around", false), (stored.What.Kind, stored.What.Command, stored.What.Text, stored.What.IsCut));
        Assert.False(await Journal.Do(Priority.Urgent, tx => ApprovalTable.Taken(tx, asked.Id, 10)));
        Assert.True(await Journal.Do(Priority.Urgent, tx => ApprovalTable.RecordWaited(tx, asked.Id, TimeSpan.FromSeconds(4))));
        Assert.True(await Journal.Do(Priority.Urgent, tx => ApprovalTable.Settle(tx, asked.Id, ApprovalState.Denied, Some.Ann, "no")));
        Assert.False(await Journal.Do(Priority.Urgent, tx => ApprovalTable.Settle(tx, asked.Id, ApprovalState.Allowed, Some.Ann, null)));

        Assert.False(await Journal.Do(Priority.Urgent, tx => ApprovalTable.RecordWaited(tx, asked.Id, TimeSpan.FromSeconds(5))));
        Assert.Single(Journal.Read(db => ApprovalTable.Untaken(db, run)));
        Assert.True(await Journal.Do(Priority.Urgent, tx => ApprovalTable.Taken(tx, asked.Id, 10)));
        Assert.False(await Journal.Do(Priority.Urgent, tx => ApprovalTable.Taken(tx, asked.Id, 20)));
        Assert.Empty(Journal.Read(db => ApprovalTable.Untaken(db, run)));
        Assert.Equal((TimeSpan.FromSeconds(4), 10L), Journal.Read(db => ApprovalTable.Get(db, asked.Id)) is { } row ? (row.Waited, row.FrameEnd) : default);

        Assert.Equal(0, Journal.Read(db => ApprovalTable.CountPending(db, run)));
        Assert.Equal((ApprovalState.Denied, "no"), Journal.Read(db => ApprovalTable.Get(db, asked.Id)) is { } a ? (a.State, a.Why) : default);
        Assert.Null(Journal.Read(db => ApprovalTable.Pending(db, run, "toolu_1")));

        await Journal.Do(Priority.Urgent, tx => ApprovalTable.Insert(tx, asked with { Id = new("a2") }));
        Assert.Equal(new MessageId("a2"), Journal.Read(db => ApprovalTable.Pending(db, run, "toolu_1"))?.Id);
        Assert.True(await Journal.Do(Priority.Urgent, tx => ApprovalTable.Settle(tx, new("a2"), ApprovalState.Allowed, Some.Ann, null)));
        await Journal.Do(Priority.Urgent, tx => ApprovalTable.LeaveUntaken(tx, run, "toolu_1"));
        Assert.Empty(Journal.Read(db => ApprovalTable.Untaken(db, run)));
        Assert.Equal([10L, null], Journal.Read(db => ApprovalTable.Of(db, run)).Select(r => r.FrameEnd));
    }

    private async Task<RunId> Reserve(string id, string token = "hash")
    {
        await Journal.Do(Priority.Urgent, tx =>
        {
            Some.Begin(tx);
            RunTable.Insert(tx, Some.Run(id), Some.Order, token);
        });
        return new(id);
    }
}
