using Drover.Agents.Acp;
using Drover.Agents.Claude;
using Drover.Agents.Codex;
using Drover.Agents.Pi;

namespace Drover.Agents.Reading;

/// <summary>Whose recording it is: the adapter that reads it, and what keeps that adapter in step with the client that was recorded.</summary>
public sealed class Source
{
    private readonly IAdapter _adapter;

    internal Source(string name, IAdapter adapter) => (Name, _adapter) = (name, adapter);

    public string Name { get; }

    internal (IAdapter Adapter, Playback Playback) Open(Recording recording) => (_adapter, Of(_adapter.Name));

    private static Playback Of(string adapter) => adapter switch
    {
        "claude" => new ClaudePlayback(),
        "codex" => new CodexPlayback(),
        "pi" => new PiPlayback(),
        "acp" => new AcpPlayback(),
        _ => new Playback(),
    };
}

/// <summary>The names under which recordings can be read: adapters, known agents, and an agent known to speak ACP with <c>acp-</c> before its name.</summary>
public static class Sources
{
    public static IReadOnlyList<string> Names { get; } =
    [
        .. Adapters.All.Select(a => a.Name)
            .Concat(Presets.All.SelectMany(p => p.Adapter == "acp" ? new[] { p.Name, $"acp-{p.Name}" } : [p.Name]))
            .Distinct().Order(StringComparer.Ordinal),
    ];

    /// <summary>Null when there is none of that name.</summary>
    public static Source? Find(string name)
    {
        if (!Names.Contains(name)) return null;
        var agent = name.StartsWith("acp-", StringComparison.Ordinal) ? "acp" : name;
        var adapter = Adapters.Find(agent) ?? Adapters.Find(Presets.All.First(p => p.Name == agent).Adapter)!;
        return new(name, adapter);
    }
}
