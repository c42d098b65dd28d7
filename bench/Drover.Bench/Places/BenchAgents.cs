namespace Drover.Bench.Places;

/// <summary>The two agents of the benchmarks.</summary>
internal static class BenchAgents
{
    /// <summary>A shell script: it is there at once, so that what is measured is Drover and not the agent's own start.</summary>
    public static string Stub(Place place)
    {
        var path = Path.Combine(place.Shared, "stub.sh");
        using (var script = typeof(BenchAgents).Assembly.GetManifestResourceStream("stub.sh")!)
        using (var file = File.Create(path)) script.CopyTo(file);
        return $"[/bin/sh, {path}]";
    }

    /// <summary>The scripted agent: waits for <see cref="Go"/>, then says numbered events at a steady rate, each with the time at which it was said.</summary>
    public static Func<Place, string> Streaming(int perSecond, TimeSpan length) => place =>
    {
        var path = Path.Combine(place.Shared, "stream.yaml");
        File.WriteAllText(path, $"steps: [{{wait_for: {Go(place)}}}, {{stream: {{rate: {perSecond}, seconds: {(int)length.TotalSeconds}}}}}]\n");
        return $"[{Programs.Rehearsal}, agent, --protocol, stream-json, --script, {path}]";
    };

    /// <summary>The file for which all streaming agents wait.</summary>
    public static string Go(Place place) => Path.Combine(place.Shared, "go");
}
