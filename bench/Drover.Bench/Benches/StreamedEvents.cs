using System.Globalization;
using System.Text.Json;
using Drover.Api;
using Drover.Bench.Places;

namespace Drover.Bench.Benches;

/// <summary>The numbered events of streaming agents, as the journal has them.</summary>
internal static class StreamedEvents
{
    /// <param name="At">When its agent said it, in milliseconds since 1970.</param>
    /// <param name="StoredAt">The time of its row.</param>
    public readonly record struct Said(string Run, long Number, long At, long StoredAt);

    /// <summary>Null for any other event.</summary>
    public static Said? Read(string json)
    {
        var e = JsonSerializer.Deserialize(json, ApiJson.Default.EventJson)!;
        if (e.Type != "text" || e.Run is null || !e.Data.TryGetProperty("text", out var text)) return null;
        var words = text.GetString()!.Split(' ');
        if (words is not ["event", var number, "at", var at]) return null;
        return new(e.Run, long.Parse(number, CultureInfo.InvariantCulture), long.Parse(at, CultureInfo.InvariantCulture), e.At.ToUnixTimeMilliseconds());
    }

    /// <summary>How many numbers from 1 to the last are missing, and how many stand there twice, over all runs.</summary>
    public static (int Runs, int Missing, int Doubled) Check(IEnumerable<Said> said, long last)
    {
        var (runs, missing, doubled) = (0, 0, 0);
        foreach (var run in said.GroupBy(s => s.Run))
        {
            runs++;
            var numbers = run.Select(s => s.Number).ToList();
            var distinct = numbers.ToHashSet();
            doubled += numbers.Count - distinct.Count;
            for (var n = 1L; n <= last; n++)
            {
                if (!distinct.Contains(n)) missing++;
            }
        }

        return (runs, missing, doubled);
    }

    /// <summary>All of the journal's.</summary>
    public static List<Said> Stored(RunningServer server) =>
        [.. server.Api.Follow("/api/v1/events?after=0&follow=false").Select(e => Read(e.Data)).OfType<Said>()];

    /// <summary>Starts agents that wait for the signal to stream, and returns when all of them wait.</summary>
    public static async Task Wait(RunningServer server, string project, int agents)
    {
        foreach (var ticket in Enumerable.Range(0, agents).Select(_ => server.NewTicket(project))) server.StartRun(ticket);
        await Places.Wait.Until("all agents are live", TimeSpan.FromMinutes(2), TimeSpan.FromMilliseconds(200),
            () => server.Status().Runs is var runs && runs.Count == agents && runs.All(r => r.State == "live"));
    }
}
