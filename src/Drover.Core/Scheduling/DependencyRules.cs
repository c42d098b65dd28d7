namespace Drover.Core;

/// <summary>Tickets that wait for others. A circle would wait for ever, so none is ever made.</summary>
public static class DependencyRules
{
    /// <summary>What a ticket waits for, and what would change it. One that was given up will never be done, and only a person knows what that means.</summary>
    public static string Says(TicketKey key, IReadOnlyList<BoardNeed> needs)
    {
        var open = needs.Where(n => n.Stage != Stage.Cancelled).Select(n => $"{n.Key} ({n.Stage.Word()})").ToList();
        var given = needs.Where(n => n.Stage == Stage.Cancelled).Select(n => n.Key).ToList();
        var first = given.Count > 0 ? given[0] : needs[0].Key;
        List<string> parts = [];
        if (open.Count > 0) parts.Add($"waits for {string.Join(", ", open.Take(5))}{(open.Count > 5 ? $" and {open.Count - 5} more" : "")} to be done");
        if (given.Count > 0) parts.Add($"depends on {string.Join(", ", given.Take(5))}, which {(given.Count == 1 ? "was" : "were")} cancelled");
        return $"{key} {string.Join(" and ", parts)}; 'drover ticket edit {key} --independent-of {first}' takes that away, 'drover run start {key}' does not wait";
    }

    /// <summary>The way from a ticket back to itself that a new dependency would close, both ends included; null when there is none.</summary>
    /// <param name="needs">What a ticket depends on already.</param>
    public static IReadOnlyList<TicketKey>? Circle(TicketKey ticket, TicketKey dependsOn, Func<TicketKey, IEnumerable<TicketKey>> needs)
    {
        if (ticket == dependsOn) return [ticket, dependsOn];
        var cameFrom = new Dictionary<TicketKey, TicketKey> { [dependsOn] = ticket };
        var open = new Queue<TicketKey>([dependsOn]);
        while (open.TryDequeue(out var at))
        {
            foreach (var next in needs(at))
            {
                if (!cameFrom.TryAdd(next, at)) continue;
                if (next == ticket) return Way(ticket, cameFrom);
                open.Enqueue(next);
            }
        }

        return null;
    }

    private static List<TicketKey> Way(TicketKey ticket, Dictionary<TicketKey, TicketKey> cameFrom)
    {
        List<TicketKey> way = [ticket];
        for (var at = cameFrom[ticket]; at != ticket; at = cameFrom[at]) way.Add(at);
        way.Add(ticket);
        way.Reverse();
        return way;
    }
}
