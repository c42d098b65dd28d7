using Drover.Core;
using Drover.Server.Http;
using Drover.Server.Journaling;
using Drover.Server.Runs;
using Drover.Server.Scheduling;
using Drover.Server.Tests.Landings;
using Drover.Server.Tests.Runs;
using Drover.Server.Tickets;
using Xunit;

namespace Drover.Server.Tests.Scheduling;

/// <summary>What a workshop shows of a ticket that is scheduled, and how a person asks for a run.</summary>
internal static class SchedulingShop
{
    public static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    public static readonly Plan Adds = LandingShop.Adds with { Merge = "auto" };

    public static Task Move(Workshop shop, TicketKey key, Stage to) =>
        shop.Journal.Do(Priority.Urgent, tx => TicketCommands.Move(tx, key, to.Word(), null, Workshop.Ann));

    public static List<RunRow> RunsOf(Workshop shop, TicketKey key) => [.. shop.Journal.Read(db => RunTable.Of(db, key)).AsEnumerable().Reverse()];

    public static string Told(Workshop shop, TicketKey key) => string.Join('\n', shop.Events(key).Select(e => $"{e.Type} {e.Data}").Append(shop.Ticket(key).ToString()));

    public static Task Until(Workshop shop, TicketKey key, Func<TicketRow, bool> isSo) => Workshop.Until(() => isSo(shop.Ticket(key)), () => Told(shop, key));

    public static async Task<Reservation> Ask(Workshop shop, RunWish wish, Principal? who = null)
    {
        var ground = await shop.Work.Start.Ground(wish.Ticket, Ct);
        return await shop.Journal.Do(Priority.Urgent, tx =>
        {
            var answer = shop.Work.Start.Reserve(tx, ground, wish, who ?? Workshop.Ann);
            if (answer is Reservation.Waits waits) Queueing.Do(tx, wish, waits.Why, who ?? Workshop.Ann);
            return answer;
        });
    }

    public static async Task<Why> Why(Workshop shop, TicketKey key) =>
        await new WhyWaiting(shop.Work.Start, shop.Work.Boards, shop.Journal, TimeProvider.System).Of(key, Ct) ?? throw new InvalidOperationException("it needs no agent");
}
