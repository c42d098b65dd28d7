using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using Drover.Agents.Reading;

namespace Drover.Agents.Tests;

/// <summary>A recording of a real agent: what it wrote, what was written to it, and how its process ended.</summary>
public sealed record Capture(string Folder, string Name)
{
    public static readonly string Root = Path.Combine(AppContext.BaseDirectory, "captures");

    /// <summary>How the recordings ended that no index tells of.</summary>
    private static readonly Dictionary<string, int> s_exits = new()
    {
        ["live-bad-key"] = 1,
        ["live-connection-refused"] = 1,
        ["live-no-credit"] = 1,
        ["live-overloaded"] = 1,
        ["live-prompt-too-long"] = 1,
        ["live-too-large"] = 1,
        ["live-stream-dropped-after-block"] = 1,
        ["live-stream-dropped-silent"] = 137,
    };

    private static readonly Dictionary<string, JsonObject> s_indexes = Directory.GetDirectories(Root)
        .ToDictionary(d => Path.GetFileName(d), d => JsonNode.Parse(System.IO.File.ReadAllText(Path.Combine(d, "index.json")))!.AsObject());

    public static IEnumerable<Capture> All { get; } =
    [
        .. from folder in s_indexes.Keys.Order(StringComparer.Ordinal)
           from file in Directory.GetFiles(Path.Combine(Root, folder), "*.jsonl").Order(StringComparer.Ordinal)
           where !file.EndsWith(".events.jsonl", StringComparison.Ordinal)
           select new Capture(folder, Path.GetFileName(file)[..^".jsonl".Length]),
    ];

    public bool IsTranscript => Name.EndsWith(".transcript", StringComparison.Ordinal);

    /// <summary>The exit code as a shell tells it, and the first lines of the standard error.</summary>
    public Departure Departure
    {
        get
        {
            if (s_indexes[Folder][Name] is not { } told) return new(s_exits.GetValueOrDefault(Name.Replace(".transcript", "", StringComparison.Ordinal)), "");
            var code = told["exit_code"]!.GetValue<int>();
            return new(code < 0 ? 128 - code : code, string.Join('\n', told["stderr"]!.AsArray().Select(l => l!.GetValue<string>())));
        }
    }

    public string File => Path.Combine(Root, Folder, Name + ".jsonl");

    public Recording Recording => Recording.Of(System.IO.File.ReadLines(File)
        .Select((line, at) => new RecordedLine(at + 1, FromAgent: true, Encoding.UTF8.GetBytes(line))));

    public string EventsFile => Path.Combine(Root, Folder, Name + ".events.jsonl");

    public string EventsSource([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "captures", Folder, Name + ".events.jsonl");

    public override string ToString() => $"{Folder}/{Name}";
}
