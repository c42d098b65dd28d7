using Drover.Api;
using Drover.Core;
using Drover.Server.Http;
using Drover.Server.Journaling;

namespace Drover.Server.Tickets;

/// <summary>What has been changed about a ticket's dependencies.</summary>
internal sealed record DependencyChange(IReadOnlyList<TicketKey> Added, IReadOnlyList<TicketKey> Removed)
{
    private const string On = "dependsOn";
    private const string Off = "independentOf";

    /// <summary>Takes away, then adds; what is already as it should be is left alone. The journal has one writer, so that nobody closes a circle between the check and the row.</summary>
    /// <exception cref="Refusal">One of them cannot be.</exception>
    public static DependencyChange Make(Tx tx, TicketRow ticket, IReadOnlyList<string>? dependsOn, IReadOnlyList<string>? independentOf, Principal who)
    {
        var (wanted, unwanted) = (Keys(dependsOn ?? [], On), Keys(independentOf ?? [], Off));
        if (wanted.Intersect(unwanted).Select(k => k.ToString()).FirstOrDefault() is { } both) throw new Refusal(Problems.InvalidValue, $"names {both}, and so does {Off}", On);
        var needs = DependencyTable.Of(tx, ticket.Key).Select(n => n.Key).ToHashSet();

        List<TicketKey> removed = [];
        foreach (var key in unwanted)
        {
            Find(tx, key, Off);
            if (!needs.Remove(key)) continue;
            DependencyTable.Delete(tx, ticket.Key, key);
            removed.Add(key);
        }

        List<TicketKey> added = [];
        foreach (var key in wanted.Where(needs.Add))
        {
            Check(tx, ticket, Find(tx, key, On));
            DependencyTable.Insert(tx, ticket.Key, key, who);
            added.Add(key);
        }

        return added.Count > 0 && needs.Count > TicketLimits.Dependencies ? throw TooMany(needs.Count, On) : new(added, removed);
    }

    private static void Check(Tx tx, TicketRow ticket, TicketRow needed)
    {
        if (needed.Key == ticket.Key) throw new Refusal(Problems.Conflict, $"{ticket.Key} → {ticket.Key} is a circle: a ticket cannot wait for itself", On);
        if (needed.Project != ticket.Project)
            throw new Refusal(Problems.Conflict, $"{needed.Key} is a ticket of the project {needed.Project.Value}; {ticket.Key} can wait for tickets of {ticket.Project.Value} only", On);
        if (needed.Stage == Stage.Cancelled)
            throw new Refusal(Problems.Conflict, $"{needed.Key} was cancelled and will never be done; file a new ticket for what {ticket.Key} needs of it", On);

        // What is done holds nobody up, and where nothing waits for this ticket no way leads back to it.
        if (needed.Stage == Stage.Done || !DependencyTable.IsNeeded(tx, ticket.Key) || DependencyRules.Circle(ticket.Key, needed.Key, key => BoardTable.Needs(tx, key).Select(n => n.Key)) is not { } way) return;
        throw new Refusal(Problems.Conflict, $"{string.Join(" → ", way)} is a circle, and all of it would wait for ever; 'drover ticket edit {way[1]} --independent-of {way[2]}' opens it", On);
    }

    private static TicketRow Find(Tx tx, TicketKey key, string field) => TicketTable.Get(tx, key)
        ?? throw new Refusal(Problems.TicketNotFound, $"there is no ticket {key}; 'drover ticket list' shows what there is", field);

    private static List<TicketKey> Keys(IReadOnlyList<string> texts, string field) => texts.Count > TicketLimits.Dependencies ? throw TooMany(texts.Count, field)
        : [.. texts.Select(t => TicketKey.TryParse(t) ?? throw new Refusal(Problems.InvalidValue, $"has '{t}', which is no ticket's key like APP-12", field)).Distinct()];

    private static Refusal TooMany(int count, string field) => new(
        Problems.TooLarge, FormattableString.Invariant($"has {count} tickets; a ticket depends on {TicketLimits.Dependencies} others at most: have some of them depend on each other"), field);
}
