using System.Text.Json;
using Drover.Agents.Wire;

namespace Drover.Agents.Command;

/// <summary>The form of a program's output: what its lines mean, and how its turn has ended when the process has. A vendor's own stands in that vendor's folder.</summary>
internal interface IDialect
{
    /// <summary>The word for it under <c>options: output:</c>.</summary>
    string Name { get; }

    /// <summary>The name of the agent whose dialect it is; null for one that any program may have.</summary>
    string? Agent { get; }

    /// <summary>Program and arguments when none are configured, with <c>{prompt}</c> where the prompt belongs; empty when there is no such program.</summary>
    /// <param name="sandboxed">Drover's own sandbox surrounds the program: inside it everything is allowed.</param>
    IReadOnlyList<string> Command(bool sandboxed);

    /// <summary>Variables of the user's environment, and paths below the user's home, that hold the program's login and settings.</summary>
    IReadOnlyList<string> Inherits => [];

    IReadOnlyList<string> HomePaths => [];

    /// <summary>Whether only this dialect has such a line.</summary>
    bool Knows(JsonElement line);

    /// <summary>Reads a line of the turn. A dialect that has a line for the end of the turn ends it there.</summary>
    void Read(Draft<CommandState> draft, ReadOnlyMemory<byte> line);

    /// <summary>How the turn has ended whose process is gone and of whose end nothing was read.</summary>
    TurnEnding Judge(CommandState state, Input.Exited exited);
}

/// <summary>A dialect of JSON lines.</summary>
internal abstract class JsonDialect : IDialect
{
    public abstract string Name { get; }

    public abstract string? Agent { get; }

    public abstract IReadOnlyList<string> Command(bool sandboxed);

    public virtual IReadOnlyList<string> Inherits => [];

    public virtual IReadOnlyList<string> HomePaths => [];

    public abstract bool Knows(JsonElement line);

    public void Read(Draft<CommandState> draft, ReadOnlyMemory<byte> line)
    {
        var before = draft.State;
        Incoming.Read(line,
            message =>
            {
                if (Knows(message)) Turns.Start(draft);
                Read(draft, message);
                return true;
            },
            malformed =>
            {
                draft.State = before;
                draft.Say(malformed);
                return false;
            },
            () => false);
    }

    protected abstract void Read(Draft<CommandState> draft, JsonElement line);

    /// <summary>A program whose end was not read has failed, whatever its exit code; the last error it spoke of tells why.</summary>
    public virtual TurnEnding Judge(CommandState state, Input.Exited exited) => state.Heard is { Error: { } error, ErrorClass: { } @class } && exited.ExitCode is not (0 or >= 128)
        ? Failures.Failed(@class, error)
        : Failures.Ended(exited.ExitCode, exited.LastErrors, hadStarted: state.InTurn);

    protected static void Raw(Draft<CommandState> draft, JsonElement line) => draft.Say(new AgentEvent.Raw(Bounded.Json(line)));
}
