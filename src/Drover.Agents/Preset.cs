using Drover.Agents.Acp;
using Drover.Agents.Claude;
using Drover.Agents.Codex;
using Drover.Agents.Pi;

namespace Drover.Agents;

/// <summary>A known agent program and the adapter that drives it. <c>drover init</c> looks for these on a machine.</summary>
/// <param name="Name">Short, and the program's own name where it has one.</param>
/// <param name="Title">What its makers call it.</param>
/// <param name="Command">Program and arguments; the first element is what is looked for on the PATH.</param>
/// <param name="IsDefault">Whether the adapter starts exactly this when no command is configured.</param>
/// <param name="Install">The command that installs it.</param>
public sealed record Preset(string Name, string Title, string Adapter, IReadOnlyList<string> Command, bool IsDefault, string Install)
{
    /// <summary>How the program is made to talk to the model server at this address; null when it cannot.</summary>
    public Func<string, RehearsalSetup>? AgainstModelServer { get; init; }

    /// <summary>Whether <c>--version</c> prints its version. A program that only knows its protocol says it in the handshake, if at all.</summary>
    public bool TellsVersion { get; init; } = true;

    /// <summary>Whether a conversation can be resumed only when the minute of the clock is over in which it was made: the program names its files by the minute.</summary>
    public bool ResumesNextMinute { get; init; }

    /// <summary>How its user logs in, in a terminal; null when nothing is known of it.</summary>
    public LoginCommand? Login { get; init; }

    /// <summary>The command line of the login of a program that is started with this command, which need not be the program itself: what starts the program stays, what
    /// has it speak its protocol does not. Only where a login is known.</summary>
    public IReadOnlyList<string> LoginWith(IReadOnlyList<string> command) =>
        [.. IsNamedBy(command) ? [command[0]] : command.Where((word, at) => at == 0 || !Command.Skip(1).Contains(word)), .. Login!.Arguments];

    /// <summary>Whether the command's first word is the program by its own name.</summary>
    internal bool IsNamedBy(IReadOnlyList<string> command) => command.Count > 0 && Path.GetFileNameWithoutExtension(command[0]) is var name && (name == Name || name == Command[0]);
}

/// <summary>The vendor's own way to log in.</summary>
/// <param name="Arguments">After the program; empty: the program itself asks.</param>
/// <param name="Hint">What to do once it runs, when that is not plain; else null.</param>
public sealed record LoginCommand(IReadOnlyList<string> Arguments, string? Hint = null);

/// <summary>How a program is made to talk to a model server that plays a script, in a home of its own and with a key that is worth nothing.</summary>
/// <param name="Environment">Variables beside those of the adapter.</param>
public sealed record RehearsalSetup(IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>The model that the agent is to be started with; null: its own default will do.</summary>
    public string? Model { get; init; }

    /// <summary>Arguments after the command's.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>What must be otherwise for a server that reports a subscription's limits, where the program knows them only with another login; null: nothing.
    /// A variable with an empty value is taken away.</summary>
    public IReadOnlyDictionary<string, string>? AsSubscriber { get; init; }

    /// <summary>Texts of files in the isolated home, by their paths relative to it. They must be there before the program starts.</summary>
    public IReadOnlyDictionary<string, string> Files { get; init; } = new Dictionary<string, string>();
}

public static class Presets
{
    /// <summary>The best first: it becomes the coder when several are installed.</summary>
    public static IReadOnlyList<Preset> All { get; } = [ClaudePreset.It, CodexPreset.It, PiPreset.It, .. AcpPresets.All];

    /// <summary>What is known of a program by its name, or else by its adapter's own; null when nothing is.</summary>
    public static Preset? Of(string adapter, IReadOnlyList<string> command) =>
        All.FirstOrDefault(p => p.Adapter == adapter && p.IsNamedBy(command)) ?? All.FirstOrDefault(p => p.Adapter == adapter && p.IsDefault);

    /// <summary>How a program of which nothing is known may be made to talk to a model server: by the variables that most of them read.</summary>
    public static RehearsalSetup Guess(string url) => new(new Dictionary<string, string>
    {
        ["ANTHROPIC_BASE_URL"] = url,
        ["ANTHROPIC_API_KEY"] = "rehearsal",
        ["OPENAI_BASE_URL"] = $"{url}/v1",
        ["OPENAI_API_KEY"] = "rehearsal",
        ["GOOGLE_GEMINI_BASE_URL"] = url,
        ["GEMINI_API_KEY"] = "rehearsal",
    });

    /// <summary>The scripted agent, for whoever has none.</summary>
    /// <param name="program">Where drover-rehearsal is.</param>
    /// <param name="script">A file, or <c>builtin:NAME</c>.</param>
    public static Preset Scripted(string program, string script) => new(
        "scripted", "the scripted agent", "claude", [program, "agent", "--protocol", "stream-json", "--script", script], false, "it comes with Drover");
}
