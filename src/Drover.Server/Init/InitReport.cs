using System.Text;
using Drover.Server.Verbs;

namespace Drover.Server.Init;

/// <summary>What <c>drover init</c> found, did, and what comes next.</summary>
internal sealed record InitReport(string File, IReadOnlyList<FoundAgent> Agents, IReadOnlyList<Guess> Gates, InitPlace Place)
{
    private IEnumerable<FoundAgent> Installed => Agents.Where(a => a.Path is not null);

    private IReadOnlyList<string> Next =>
    [
        Place.HasCommits ? "git add drover.yaml && git commit -m 'Set up Drover'" : "git add -A && git commit -m 'First commit'",
        "drover up",
        "drover ticket add --title \"…\"",
    ];

    public string Text()
    {
        var text = new StringBuilder();
        Line(text, "wrote", File);
        foreach (var (agent, i) in Installed.Select((a, i) => (a, i)))
            Line(text, i == 0 ? "agent" : "", i == 0 ? $"coder: {agent.Preset.Title} ({agent.Path})" : $"{agent.Preset.Title} ({agent.Path}) stands ready as a comment");
        if (!Installed.Any()) Line(text, "agent", $"none was found; the file names {Agents[0].Preset.Title}. To install it: {Agents[0].Preset.Install}");
        foreach (var (gate, i) in Gates.Select((g, i) => (g, i)))
            Line(text, i == 0 ? "gate" : "", $"{string.Join(' ', gate.Run)}   ({gate.Why}{(i == 0 ? "" : "; stands ready as a comment")})");
        if (Gates.Count == 0) Line(text, "gate", "none was found: until you write one, nothing is checked before it lands");
        Line(text, "landing", $"on-approval: a human approves before anything lands on {Place.Branch ?? "the default branch"}");
        foreach (var (command, i) in Next.Select((c, i) => (c, i))) Line(text, i == 0 ? "next" : "", command);
        return text.ToString().TrimEnd('\n');
    }

    public string Json() => JsonLine.Object(json =>
    {
        json.WriteString("file", File);
        json.WriteString("target", Place.Branch);
        json.WriteBoolean("hasCommits", Place.HasCommits);
        json.WriteStartArray("agents");
        foreach (var agent in Installed)
        {
            json.WriteStartObject();
            json.WriteString("name", agent.Preset.Name);
            json.WriteString("adapter", agent.Preset.Adapter);
            json.WriteString("program", agent.Path);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("gates");
        foreach (var gate in Gates)
        {
            json.WriteStartObject();
            json.WriteStartArray("run");
            foreach (var argument in gate.Run) json.WriteStringValue(argument);
            json.WriteEndArray();
            json.WriteString("why", gate.Why);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("next");
        foreach (var command in Next) json.WriteStringValue(command);
        json.WriteEndArray();
    });

    private static void Line(StringBuilder text, string word, string rest) => text.Append(word.PadRight(12)).Append(rest).Append('\n');
}
