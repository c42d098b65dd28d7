using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace Drover.Agents.Tests;

/// <summary>A recording of a real agent: what it wrote, what was written to it, and how its process ended.</summary>
public sealed record Capture(string Folder, string Name)
{
    public static readonly string Root = Path.Combine(AppContext.BaseDirectory, "captures");

    /// <summary>Exit codes that are not 0, and what the process said on standard error.</summary>
    private static readonly Dictionary<string, (int Code, string Errors)> s_exits = new()
    {
        ["error-auth"] = (1, ""),
        ["error-rate-limit"] = (1, ""),
        ["error-usage-limit"] = (1, ""),
        ["error-max-turns"] = (1, ""),
        ["sigint-in-tool"] = (1, ""),
        ["resume-unknown"] = (1, "No conversation found with session ID: 99999999-2222-4333-8444-555555555555"),
        ["live-bad-key"] = (1, ""),
        ["live-connection-refused"] = (1, ""),
        ["live-no-credit"] = (1, ""),
        ["live-overloaded"] = (1, ""),
        ["live-prompt-too-long"] = (1, ""),
        ["live-too-large"] = (1, ""),
        ["live-stream-dropped-after-block"] = (1, ""),
        ["live-stream-dropped-silent"] = (137, ""),
    };

    public static IEnumerable<Capture> All { get; } =
    [
        .. from folder in new[] { "claude", "acp-gemini", "acp-opencode" }
           from file in Directory.GetFiles(Path.Combine(Root, folder), "*.jsonl").Order(StringComparer.Ordinal)
           where !file.EndsWith(".events.jsonl", StringComparison.Ordinal)
           select new Capture(folder, Path.GetFileName(file)[..^".jsonl".Length]),
    ];

    public bool IsTranscript => Name.EndsWith(".transcript", StringComparison.Ordinal);

    public IAdapter Adapter => Adapters.Find(Folder.Split('-')[0])!;

    public (int Code, string Errors) Exit =>
        Folder == "claude" && s_exits.TryGetValue(Name.Replace(".transcript", "", StringComparison.Ordinal), out var exit) ? exit : (0, "");

    public string EventsFile => Path.Combine(Root, Folder, Name + ".events.jsonl");

    public string EventsSource([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "captures", Folder, Name + ".events.jsonl");

    /// <summary>The lines in order; those of a one-way recording are all the agent's.</summary>
    public IReadOnlyList<(bool FromAgent, JsonObject Message)> Lines =>
    [
        .. from line in File.ReadLines(Path.Combine(Root, Folder, Name + ".jsonl"))
           let read = JsonNode.Parse(line)!.AsObject()
           select IsTranscript ? (read["dir"]!.GetValue<string>() == "out", read["msg"]!.AsObject()) : (true, read),
    ];

    public override string ToString() => $"{Folder}/{Name}";
}
