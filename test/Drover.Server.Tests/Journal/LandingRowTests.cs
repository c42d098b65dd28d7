using Drover.Core;
using Drover.Server.Journaling;
using Xunit;

namespace Drover.Server.Tests.Journaling;

public sealed class LandingRowTests : IDisposable
{
    private readonly TestHome home = new();

    private Journal Journal => home.Journal;

    public void Dispose() => home.Dispose();

    [Fact]
    public async Task An_attempt_has_one_open_landing_and_a_ticket_one_that_landed()
    {
        await Journal.Do(Priority.Urgent, Some.Begin);
        var first = await Journal.Do(Priority.Urgent, Insert);
        await Assert.ThrowsAsync<ConstraintException>(() => Journal.Do(Priority.Urgent, Insert));

        await Journal.Do(Priority.Urgent, tx =>
        {
            Assert.False(LandingTable.Move(tx, first.Id, LandingState.Tested, LandingState.Intended));
            Assert.True(LandingTable.End(tx, first.Id, LandingState.Made, LandingState.Conflict, "does not merge", ["a b.txt", "ü"]));
            Assert.False(LandingTable.End(tx, first.Id, LandingState.Made, LandingState.Raced, "late", []));
        });
        var second = await Journal.Do(Priority.Urgent, Insert);
        await Journal.Do(Priority.Urgent, tx => LandingTable.Move(tx, second.Id, LandingState.Made, LandingState.Landed));
        var third = await Journal.Do(Priority.Urgent, Insert);
        await Assert.ThrowsAsync<ConstraintException>(() => Journal.Do(Priority.Urgent, tx => LandingTable.Move(tx, third.Id, LandingState.Made, LandingState.Landed)));

        var rows = Journal.Read(db => LandingTable.Of(db, Some.App1));
        Assert.Equal([third.Id, second.Id, first.Id], rows.Select(row => row.Id));
        Assert.Equivalent(first with { State = LandingState.Conflict, Reason = "does not merge", Files = ["a b.txt", "ü"], UpdatedAt = rows[2].UpdatedAt }, rows[2], strict: true);
        Assert.Equal(third.Id, Journal.Read(db => LandingTable.OpenOf(db, Some.App, Some.Attempt1))!.Id);
        Assert.Equal([third.Id], Journal.Read(LandingTable.Open).Select(row => row.Id));
    }

    [Fact]
    public async Task A_human_word_is_bound_to_the_head_and_said_once()
    {
        var word = new LandingApprovalRow(Some.App, Some.Attempt1, Some.App1, new("head"), LandingWord.Approve, Some.Ann, Some.Noon);
        await Journal.Do(Priority.Urgent, Some.Begin);

        Assert.True(await Journal.Do(Priority.Urgent, tx => LandingApprovalTable.Insert(tx, word)));
        Assert.False(await Journal.Do(Priority.Urgent, tx => LandingApprovalTable.Insert(tx, word)));
        Assert.True(await Journal.Do(Priority.Urgent, tx => LandingApprovalTable.Insert(tx, word with { Word = LandingWord.Merge })));

        Assert.Equal(2, Journal.Read(db => LandingApprovalTable.Of(db, Some.App, Some.Attempt1, new("head"))).Count);
        Assert.Empty(Journal.Read(db => LandingApprovalTable.Of(db, Some.App, Some.Attempt1, new("moved"))));
        Assert.Contains(word, Journal.Read(db => LandingApprovalTable.Of(db, Some.App1)));
    }

    [Fact]
    public async Task A_receipt_is_bound_to_the_tree_and_the_newest_counts()
    {
        await Journal.Do(Priority.Urgent, Some.Begin);
        var failed = await Journal.Do(Priority.Urgent, tx => Receipt(tx, false));
        var passed = await Journal.Do(Priority.Urgent, tx => Receipt(tx, true));

        Assert.Equivalent(passed, Journal.Read(db => ReceiptTable.Newest(db, Some.App, new("tree"), "test")), strict: true);
        Assert.Equal([passed.Id, failed.Id], Journal.Read(db => ReceiptTable.Of(db, Some.App, new("tree"))).Select(row => row.Id));
        Assert.Null(Journal.Read(db => ReceiptTable.Newest(db, Some.App, new("other"), "test")));

        static ReceiptRow Receipt(Tx tx, bool passed)
        {
            var row = new ReceiptRow(ReceiptTable.NextId(tx), Some.App, new("tree"), "test", ["make", "a b"], new("config"), passed, passed ? 0 : null,
                TimeSpan.FromMilliseconds(1234), "job", "the end\n", Some.Noon);
            ReceiptTable.Insert(tx, row);
            return row;
        }
    }

    private static LandingRow Insert(Tx tx)
    {
        var row = new LandingRow(LandingTable.NextId(tx), Some.App, Some.App1, Some.Attempt1, null, new("main"), LandMethod.Squash, LandingState.Made,
            new("head"), new("old"), new("new"), new("tree"), null, [], Some.Ann, Some.Noon, Some.Noon);
        LandingTable.Insert(tx, row);
        return row;
    }
}
