using Drover.Core;
using Drover.Server.Journaling;
using Drover.Server.Scheduling;
using Drover.Server.Tickets;
using Xunit;

namespace Drover.Server.Tests.Runs;

/// <summary>A ticket that depends on others starts by itself when they are done, and not before.</summary>
public sealed class DependencyTests
{
    /// <summary>Each run waits for a sign that is named like its branch's ticket, and lands a file of its own.</summary>
    private static async Task<Workshop> Open()
    {
        var shop = await Workshop.Open(Plan.Of());
        shop.Configure(Plan.Shell($"""
            key=$(git symbolic-ref --short HEAD | cut -d/ -f2)
            until test -e "{shop.Sign("go")}-$key"; do sleep 0.05; done
            echo x > "$key.txt"; git add .; git commit -qm Work; echo "$finish"
            """) with { Merge = "auto", Agent = "count: 2" });
        return shop;
    }

    [Fact]
    public async Task A_ticket_starts_by_itself_when_the_one_it_depends_on_is_done()
    {
        await using var shop = await Open();
        var (first, second) = (await shop.File("First"), await shop.File("Second"));
        await Depend(shop, second, on: first);
        await Ready(shop, second);
        await Ready(shop, first);

        await Workshop.Until(() => Runs(shop, first) is [{ State: RunState.Live }], () => Describe(shop, first));
        var why = await Why(shop, second);
        Assert.Equal("dependencies", why?.Code);
        Assert.Contains("waits for APP-1 (coding) to be done", why!.Text, StringComparison.Ordinal);
        Assert.Empty(Runs(shop, second));

        shop.Give("go-APP-1");
        shop.Give("go-APP-2");
        await Workshop.Until(() => shop.Ticket(second).Stage == Stage.Done, () => Describe(shop, second));

        var done = shop.Events(first).Single(e => e.Type == EventTypes.TicketMoved && e.Data.Contains("\"to\":\"done\"", StringComparison.Ordinal));
        var reserved = Assert.Single(shop.Events(second), e => e.Type == EventTypes.RunReserved);
        Assert.True(done.Seq < reserved.Seq, $"{done.Seq} {reserved.Seq}");
        Assert.Equal("server:scheduler", reserved.Actor.ToString());
        Assert.Equal("x\n", shop.Repository.Read("APP-1.txt"));
    }

    [Fact]
    public async Task A_ticket_starts_when_what_it_waits_for_is_taken_away_and_a_person_need_not_wait()
    {
        await using var shop = await Open();
        var (never, freed, begun) = (await shop.File("Never"), await shop.File("Freed"), await shop.File("Begun"));
        await Depend(shop, freed, on: never);
        await Depend(shop, begun, on: never);
        await Ready(shop, freed);
        await Ready(shop, begun);

        await shop.Start(begun);
        Assert.Equal("dependencies", (await Why(shop, freed))?.Code);
        Assert.Empty(Runs(shop, freed));
        await shop.Journal.Do(Priority.Urgent, tx => TicketCommands.Edit(tx, freed, new(null, null, null, null, null, null) { IndependentOf = [never.ToString()] }, Workshop.Ann));

        await Workshop.Until(() => Runs(shop, freed).Count == 1, () => Describe(shop, freed));
        Assert.Equal("server:scheduler", Assert.Single(shop.Events(freed), e => e.Type == EventTypes.RunReserved).Actor.ToString());
        Assert.Equal(Workshop.Ann, Assert.Single(shop.Events(begun), e => e.Type == EventTypes.RunReserved).Actor);
    }

    [Fact]
    public async Task What_is_done_may_be_depended_on_and_holds_nothing_up()
    {
        await using var shop = await Open();
        var (first, second) = (await shop.File("First"), await shop.File("Second"));
        await Depend(shop, first, on: second);
        shop.Give("go-APP-1");
        await shop.Start(first);
        await Workshop.Until(() => shop.Ticket(first).Stage == Stage.Done, () => Describe(shop, first));

        // The other way round it would be a circle, were the first one not done.
        await Depend(shop, second, on: first);
        await Ready(shop, second);

        await Workshop.Until(() => Runs(shop, second).Count == 1, () => Describe(shop, second));
    }

    private static Task Depend(Workshop shop, TicketKey ticket, TicketKey on) => shop.Journal.Do(Priority.Urgent, tx =>
        TicketCommands.Edit(tx, ticket, new(null, null, null, null, null, null) { DependsOn = [on.ToString()] }, Workshop.Ann));

    private static Task Ready(Workshop shop, TicketKey ticket) => shop.Journal.Do(Priority.Urgent, tx => TicketCommands.Move(tx, ticket, "ready", null, Workshop.Ann));

    private static Task<Why?> Why(Workshop shop, TicketKey ticket) =>
        new WhyWaiting(shop.Work.Start, shop.Work.Boards, shop.Journal, TimeProvider.System).Of(ticket, TestContext.Current.CancellationToken);

    private static List<RunRow> Runs(Workshop shop, TicketKey ticket) => shop.Journal.Read(db => RunTable.Of(db, ticket));

    private static string Describe(Workshop shop, TicketKey ticket) =>
        $"{shop.Ticket(ticket)}\n{string.Join('\n', shop.Events(ticket).Select(e => $"{e.Type} {e.Data}"))}\n{string.Join('\n', shop.Log)}";
}
