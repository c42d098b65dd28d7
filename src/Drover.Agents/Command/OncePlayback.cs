using Drover.Agents.Reading;

namespace Drover.Agents.Command;

/// <summary>Recordings of a program that takes one prompt and ends: its output alone.</summary>
internal sealed class OncePlayback(IDialect dialect) : Playback
{
    public override IReadOnlyDictionary<string, string> Options { get; } = new Dictionary<string, string> { ["output"] = dialect.Name };
}
