using Drover.Agents;

namespace Drover.Server.Init;

/// <summary>A known agent program, and where this machine has it.</summary>
/// <param name="Path">Null: it is not installed.</param>
internal sealed record FoundAgent(Preset Preset, string? Path)
{
    /// <param name="find">The full path of a program of that name on the PATH, or null.</param>
    public static IReadOnlyList<FoundAgent> Look(Func<string, string?> find) => [.. Presets.All.Select(p => new FoundAgent(p, find(p.Command[0])))];
}
