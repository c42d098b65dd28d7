using Drover.Agents;

namespace Drover.Server.Conformance;

/// <summary>A program of an agent that is to be proven.</summary>
/// <param name="Name">For people: the preset's name, or the name under which it was given.</param>
/// <param name="Command">Program, as a full path, and leading arguments.</param>
/// <param name="Known">What is known of the program; null when nothing is.</param>
internal sealed record KitSubject(string Name, IAdapter Adapter, IReadOnlyList<string> Command, Preset? Known)
{
    /// <summary>The scripted agent plays whatever script it is given: for the proof it is the kit's.</summary>
    private const string Scripted = "drover-rehearsal", Script = "--script";

    /// <param name="asked">The preset that was asked for by its name, whatever its program is called; null: the program's name tells.</param>
    public static KitSubject Of(string name, IAdapter adapter, IReadOnlyList<string> command, Preset? asked = null) =>
        new(name, adapter.For(command), command, IsScripted(command) ? null : asked ?? Presets.Of(adapter.Name, command));

    public string Program => Command[0];

    public RehearsalSetup Setup(string url) => Known?.AgainstModelServer is { } known ? known(url) : Presets.Guess(url);

    /// <summary>The command as it is started for the proof.</summary>
    public IReadOnlyList<string> Rehearsed(RehearsalSetup setup) =>
        [.. Command.Select((word, i) => i > 0 && Command[i - 1] == Script && IsScripted(Command) ? ModelWrap.Script : word), .. setup.Arguments];

    private static bool IsScripted(IReadOnlyList<string> command) => Path.GetFileName(command[0]) == Scripted;
}
