using Drover.Core;
using Drover.Server.Journaling;

namespace Drover.Bench.Places;

/// <summary>Puts settled runs with their events on record, by the server's own tables and without living through them. No server may run.</summary>
internal static class Past
{
    public static async Task Put(Place place, int runs, int eventsPerRun)
    {
        using var journal = Journal.Open(place.Home, TimeProvider.System);
        var project = journal.Read(ProjectTable.List)[0];
        var human = Principal.Server("bench");
        for (var n = 1; n <= runs; n++)
        {
            var (number, id) = (n, new RunId(n.ToString("x16", System.Globalization.CultureInfo.InvariantCulture)));
            await journal.Do(Priority.Bulk, tx =>
            {
                var key = ProjectTable.TakeKey(tx, project);
                TicketTable.Insert(tx, new(key, project.Id, "A ticket of the past", "It was done.", "task", 2, null, Stage.Done, true, [], null, null, null, null, human, tx.Now, tx.Now));
                var attempt = new AttemptId(key, 1);
                AttemptTable.Insert(tx, new(project.Id, attempt, key, attempt.Branch, NodeId.Local, null, WorktreeState.None, null, null, null, null, null, null, null, tx.Now));
                RunTable.Insert(tx, new(id, project.Id, key, attempt, Role.Coder, "coder-1", "claude", new($"past-{number}"), NodeId.Local, null, null, RunState.Reserved,
                    tx.Now, null, null, false, false, null, null, null), new(null, "Do it.", "{}", ["true"]), $"past-{number}");
                RunTable.Settle(tx, id, new(Outcome.Succeeded, null, "it was done", human));
                for (var e = 1; e <= eventsPerRun; e++)
                    tx.Emit(EventTypes.Text, new(project.Id, key, id), Principal.Server("bench"), $$"""{"text":"event {{e}}, long enough to be one of those that agents write when they think aloud"}""");
            });
        }
    }
}
