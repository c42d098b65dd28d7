using Drover.Agents;
using Drover.Core;
using Drover.Server.Journaling;
using Xunit;

namespace Drover.Server.Tests.Journaling;

/// <summary>What is written is read again, in every table.</summary>
public sealed class RowTests : IDisposable
{
    private readonly TestHome home = new();

    private Journal Journal => home.Journal;

    public void Dispose() => home.Dispose();

    [Fact]
    public async Task A_project_and_a_ticket_with_everything_in_it_come_back_as_they_were()
    {
        var ticket = Some.Ticket() with
        {
            Body = "a\nb\t'\"; DROP TABLE tickets; -- \u0001 é 漢 🐑",
            Agent = "coder-1",
            Clarified = true,
            Criteria = ["one", "two \"quoted\""],
            Blocked = new("no gate", Principal.Server("landing"), Some.Noon),
            Held = new("wait: for me", Some.Ann, Some.Noon),
            Source = new("github", "17", null),
            PullRequest = new(4, "https://example.org/4"),
        };
        await Journal.Do(Priority.Urgent, tx =>
        {
            ProjectTable.Insert(tx, Some.Project());
            TicketTable.Insert(tx, ticket);
        });

        Assert.Equal(Some.Project(), Journal.Read(db => ProjectTable.Get(db, Some.App)));
        Assert.Equivalent(ticket, Journal.Read(db => TicketTable.Get(db, Some.App1)), strict: true);
    }

    [Fact]
    public async Task Keys_are_given_out_once()
    {
        await Journal.Do(Priority.Urgent, tx => ProjectTable.Insert(tx, Some.Project()));

        var keys = new List<string>();
        for (var i = 0; i < 3; i++) keys.Add((await Journal.Do(Priority.Urgent, tx => ProjectTable.TakeKey(tx, ProjectTable.Get(tx, Some.App)!))).ToString());

        Assert.Equal(["APP-1", "APP-2", "APP-3"], keys);
    }

    [Fact]
    [Trait("row", "K29")]
    [Trait("row", "A14")]
    public async Task A_run_comes_back_with_all_that_was_recorded_of_it()
    {
        var id = new RunId("00000000000000aa");
        var process = new ProcessIdentity(NodeId.Local, "boot", 4711, 99);
        var progress = new RunProgress
        {
            Watermark = 100,
            HandshakeAt = Some.Noon,
            PromptMessage = new("m"),
            PromptWrittenAt = Some.Noon,
            AcceptedAt = Some.Noon,
            TurnOpen = true,
            OpenTools = 2,
            LastEventAt = Some.Noon,
            LimitedUntil = Some.Noon,
            CommitAsks = 1,
        };
        var result = new RunResult
        {
            Head = new("abc"),
            Commits = 2,
            FilesChanged = 3,
            Insertions = 4,
            Deletions = 5,
            Dirty = ["a b", "ü"],
            SalvageRef = "refs/drover/salvage/x",
            Summary = "done",
            Note = "kept",
        };
        var conversation = new ConversationRow(new("c"), Some.App, Some.Attempt1, id, NodeId.Local, "claude", "/home", "/tree", "vendor", "m", Some.Noon);
        var ending = new Ending(Outcome.Failed, FailureClass.RateLimit, "429", Principal.Server("runs")) { Retryable = true, ResetsAt = Some.Noon };
        await Journal.Do(Priority.Urgent, tx =>
        {
            Some.Begin(tx);
            RunTable.Insert(tx, Some.Run(id.Value), Some.Order, "hash");
            ConversationTable.Insert(tx, conversation);
            Assert.True(RunTable.RecordPlace(tx, id, "/tree", new("base")));
            Assert.True(RunTable.RecordKeeper(tx, id, process, Containment.PidNamespace));
            Assert.True(RunTable.RecordConversation(tx, id, new(new("c"), "vendor"), "m"));
            Assert.True(RunTable.RecordProgress(tx, id, 0, progress, new("claude/1", "{}")));
            Assert.False(RunTable.RecordProgress(tx, id, 0, progress, new("claude/1", "{}")));
            Assert.True(RunTable.AddUsage(tx, id, new(1, 2, 3, 4, null)));
            Assert.True(RunTable.AddUsage(tx, id, new(1, 2, 3, 4, 0.25m)));
            Assert.True(RunTable.RequestStop(tx, id, new(Some.Ann, "enough")));
            Assert.False(RunTable.RequestStop(tx, id, new(Some.Ann, "again")));
            Assert.True(RunTable.RecordFault(tx, id, new(Outcome.Failed, FailureClass.Silent, "quiet")));
            Assert.True(RunTable.RecordExit(tx, id, 137));
            Assert.True(RunTable.RecordResult(tx, id, result));
            Assert.True(RunTable.RecordResult(tx, id, new() { Dirty = result.Dirty }));
            Assert.True(RunTable.Settle(tx, id, ending));
        });

        var run = Journal.Read(db => RunTable.Get(db, id))!;
        Assert.Equal(process, run.Process);
        Assert.Equal(Containment.PidNamespace, run.Containment);
        Assert.Equal(new RunConversation(new("c"), "vendor"), run.Conversation);
        Assert.Equal(progress with { TurnOpen = false, OpenTools = 0 }, run.Progress);
        Assert.Equal(new RunUsage(2, 4, 6, 8, 0.25m), run.Usage);
        Assert.Equal(new StopRequest(Some.Ann, "enough"), run.Stop);
        Assert.Equal(new Fault(Outcome.Failed, FailureClass.Silent, "quiet"), run.Fault);
        Assert.Equal(137, run.Exit!.Code);
        Assert.Equivalent(result, run.Result, strict: true);
        Assert.Equal(ending, run.Ending);
        Assert.Equal(RunState.Settled, run.State);
        Assert.Equal("/tree", run.Worktree);
        Assert.Equivalent(Some.Order, Journal.Read(db => RunTable.OrderOf(db, id)), strict: true);
        Assert.Equal(new Checkpoint("claude/1", "{}"), Journal.Read(db => RunTable.CheckpointOf(db, id)));
        Assert.Equal(conversation, Journal.Read(db => ConversationTable.Get(db, new("c"))));
    }
}
