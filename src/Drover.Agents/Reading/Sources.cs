using Drover.Agents.Acp;
using Drover.Agents.Claude;
using Drover.Agents.Codex;
using Drover.Agents.Command;
using Drover.Agents.OpenCode;
using Drover.Agents.Pi;

namespace Drover.Agents.Reading;

/// <summary>Whose recording it is: the adapter that reads it, and what keeps that adapter in step with the client that was recorded.</summary>
public sealed class Source
{
    private static readonly IAdapter s_command = new CommandAdapter();
    private static readonly IAdapter s_serve = new ServeReader();

    private readonly IAdapter _adapter;

    internal Source(string name, IAdapter adapter) => (Name, _adapter) = (name, adapter);

    public string Name { get; }

    /// <summary>Whether whatever it writes is its own, as any text of a plain command is.</summary>
    public bool WritesAnything => _adapter == s_command;

    /// <summary>The adapter named, unless the recording shows that the agent ran once, in a dialect of its own.</summary>
    internal (IAdapter Adapter, Playback Playback) Open(Recording recording) =>
        ServePlayback.Knows(recording) ? (s_serve, new ServePlayback())
        : (Dialects.Of(recording) ?? (recording.Lines.Count == 0 ? Dialects.OfAgent(Name) : null)) is { } dialect ? (s_command, new OncePlayback(dialect))
        : _adapter.Name == s_command.Name ? (s_command, new OncePlayback(Dialects.Plain(recording)))
        : (_adapter, Of(_adapter.Name));

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
            .Concat(Presets.All.SelectMany(p => p.Adapter == Acp ? new[] { p.Name, $"{Acp}-{p.Name}" } : [p.Name]))
            .Concat(Dialects.All.Select(d => d.Agent).OfType<string>())
            .Distinct().Order(StringComparer.Ordinal),
    ];

    private const string Acp = "acp";

    /// <summary>Null when there is none of that name.</summary>
    public static Source? Find(string name)
    {
        if (!Names.Contains(name)) return null;
        var adapter = name.StartsWith($"{Acp}-", StringComparison.Ordinal) ? Acp
            : Adapters.Find(name)?.Name ?? Presets.All.FirstOrDefault(p => p.Name == name)?.Adapter ?? "command";
        return new(name, Adapters.Find(adapter)!);
    }
}
