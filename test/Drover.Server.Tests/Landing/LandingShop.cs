using Drover.Core;
using Drover.Server.Journaling;
using Drover.Server.Landing;
using Drover.Server.Tests.Runs;
using Drover.Server.Tickets;

namespace Drover.Server.Tests.Landings;

/// <summary>What a workshop shows of a landing, and a human's word on it.</summary>
internal static class LandingShop
{
    public static readonly Plan Adds = Plan.Of("edit: {path: new.txt, content: \"new\\n\"}", "commit: Add new.txt", "say: Added.");

    /// <summary>A gate that runs until the sign is given.</summary>
    public static string UntilGo(this Workshop shop) => $"[/bin/sh, -c, 'until test -e \"$0\"; do sleep 0.05; done', \"{shop.Sign("go")}\"]";

    /// <summary>Newest first.</summary>
    public static IReadOnlyList<LandingRow> Landings(this Workshop shop, RunRow run) => shop.Journal.Read(db => LandingTable.Of(db, run.Ticket!.Value));

    public static IReadOnlyList<ReceiptRow> Receipts(this Workshop shop, LandingRow landing) =>
        shop.Journal.Read(db => ReceiptTable.Of(db, landing.Project, landing.Tree!.Value));

    public static string Why(this Workshop shop, RunRow run) => shop.Journal.Read(db => TicketView.Why(db, run.Ticket!.Value, DateTimeOffset.UnixEpoch)).Text;

    public static async Task Say(this Workshop shop, RunRow run, LandingWord word, Principal? who = null)
    {
        CommitSha head = shop.Repository.Tip(run.Attempt!.Value.Branch.Value);
        await shop.Journal.Do(Priority.Urgent, tx => LandingCommands.Say(tx, run.Ticket!.Value, head, word, who ?? Workshop.Ann));
    }

    public static Task Done(this Workshop shop, RunRow run) => Workshop.Until(
        () => shop.Ticket(run).Stage == Stage.Done && shop.Attempt(run).WorktreeState == WorktreeState.Removed, () => shop.Describe(run));

    public static Task Blocked(this Workshop shop, RunRow run) => Workshop.Until(() => shop.Ticket(run).Blocked is not null, () => shop.Describe(run));

    public static Task Waits(this Workshop shop, RunRow run) => Workshop.Until(
        () => shop.Landings(run) is [{ State: LandingState.Tested, Reason: not null }, ..], () => shop.Describe(run));
}
