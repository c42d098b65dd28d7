using Drover.Agents.Command;
using Drover.Core;

namespace Drover.Agents;

/// <summary>The driver of one vendor's protocol. It does no I/O: it says how to start the agent and translates lines into events and commands into frames.
/// <see cref="Apply"/> is a pure function and never throws on what an agent wrote.</summary>
public interface IAdapter
{
    /// <summary>The word for it in <c>drover.yaml</c>.</summary>
    string Name { get; }

    AdapterCapabilities Capabilities { get; }

    /// <summary>The same for an agent with these settings, where they make a difference.</summary>
    AdapterCapabilities With(IReadOnlyDictionary<string, string> options) => Capabilities;

    /// <summary>The same for a program of which something is known.</summary>
    /// <param name="command">Program and leading arguments; empty: the adapter's default.</param>
    IAdapter For(IReadOnlyList<string> command) => this;

    /// <summary>The names that <see cref="LaunchRequest.Options"/> may hold, and what they take. Any other is refused when the configuration is read.</summary>
    IReadOnlyList<AdapterOption> Options => [];

    /// <summary>The command line, environment and first state for a run.</summary>
    /// <exception cref="LaunchImpossibleException">What is configured cannot be started.</exception>
    Launch Plan(LaunchRequest request);

    Step Apply(MachineState state, Input input);

    Checkpoint Save(MachineState state);

    /// <summary>Null when the checkpoint is of a version this adapter does not know; the caller then replays the spool.</summary>
    MachineState? Load(Checkpoint checkpoint);
}

public static class Adapter
{
    /// <summary>The longest line that is read, in bytes.</summary>
    public const int LongestLine = 10 * 1024 * 1024;

    /// <summary>The longest text that an event carries, in characters; the rest stays in the spool.</summary>
    public const int LongestText = 256 * 1024;

    /// <summary>How a turn ends that was to be one of a copied conversation, with an agent that offers no way to copy one although its protocol has it.</summary>
    public const string CannotFork = "the agent offers no way to go on with a copy of a conversation";
}

/// <summary>What the protocol can do. What it cannot is said, never simulated by luck.</summary>
/// <param name="SaysInsideTurn">A steer can reach the model within the running turn.</param>
/// <param name="ChoosesConversationId">The conversation's id is ours, known before the process starts.</param>
public sealed record AdapterCapabilities(bool SaysInsideTurn, bool Interrupts, bool Resumes, bool ChoosesConversationId, bool AsksApproval, bool ReportsCost)
{
    /// <summary>Whether a steer can reach the model within the running turn differs from program to program, and of this one nobody knows: only where a proof has shown it is it relied on.</summary>
    public bool MaySayInsideTurn { get; init; }

    /// <summary>A conversation can be gone on with as a copy of its own, the original untouched.</summary>
    public bool Forks { get; init; }

    /// <summary>A text of ours can be put after the vendor's own system prompt.</summary>
    public bool TakesAppendedPrompt { get; init; }

    /// <summary>The agent starts the tool servers it is told of.</summary>
    public bool TakesMcpServers { get; init; }

    /// <summary>The process takes one prompt with its start and ends with its one turn: every later message is refused.</summary>
    public bool TakesOnePrompt { get; init; }
}

/// <param name="Program">The agent's command as configured: program and leading arguments. Empty = the adapter's default.</param>
/// <param name="ConversationId">The id that the conversation is to have, where the adapter can choose it; a UUID.</param>
/// <param name="ResumeId">The vendor's id of the conversation to go on with, or null for a new one.</param>
/// <param name="Sandboxed">Whether Drover's own sandbox surrounds the agent: the vendor's own is then switched off and everything is allowed inside.</param>
/// <param name="Options">The agent's further settings of <c>drover.yaml</c> by name.</param>
public sealed record LaunchRequest(
    IReadOnlyList<string> Program,
    string WorkingDirectory,
    string ConversationId,
    string? ResumeId,
    string? Model,
    bool Sandboxed,
    IReadOnlyDictionary<string, string> Options)
{
    /// <summary>The directory that holds the vendor's login and settings for this agent alone, or null for the user's own.</summary>
    public string? IsolatedHome { get; init; }

    /// <summary>Whether each of the agent's deeds that its vendor can ask about must come as <see cref="AgentEvent.ApprovalAsked"/>: the agent is then started in
    /// the mode in which it asks the most, also inside the sandbox, without rules of the adapter that let things pass, and the machine answers nothing by
    /// itself. False: the machine may answer what <see cref="Sandboxed"/> lets pass, and asks the rest.</summary>
    public bool AsksApprovals { get; init; }

    /// <summary>Whether a proof has shown that the program takes messages up within its turn, or is to show it. Counts with <see cref="AdapterCapabilities.MaySayInsideTurn"/>.</summary>
    public bool ShownToSteer { get; init; }

    /// <summary>Whether <see cref="ResumeId"/> is only the beginning of a new conversation and stays as it is. Only where the adapter forks.</summary>
    public bool Forks { get; init; }

    /// <summary>Text to stand after the vendor's own system prompt. Only where the adapter takes one.</summary>
    public string? AppendedPrompt { get; init; }

    /// <summary>Tool servers that the agent is to start. Only where the adapter takes them.</summary>
    public IReadOnlyList<McpServer> McpServers { get; init; } = [];

    /// <summary>Whether commands can be run for the agent: see <see cref="MachineState.Terminals"/>. It is offered them where its settings say so too.</summary>
    public bool Terminals { get; init; }

    /// <summary>Directories outside of the working directory that the agent's work writes: what a commit changes of the repository. For a vendor's own sandbox,
    /// where ours does not surround it.</summary>
    public IReadOnlyList<string> Writable { get; init; } = [];
}

/// <summary>A server of tools (Model Context Protocol, over standard input and output) that the agent starts and ends itself, within its own sandbox.</summary>
/// <param name="Name">Letters, digits and dashes; unique for the agent.</param>
/// <param name="Command">Program and arguments, one element each; never given to a shell.</param>
/// <param name="Environment">Variables beside those that the agent gives it. Values may be secret: an adapter keeps them off the command line.</param>
public sealed record McpServer(string Name, IReadOnlyList<string> Command, IReadOnlyDictionary<string, string> Environment);

/// <param name="Arguments">Program and arguments, one element each; never given to a shell.</param>
/// <param name="Environment">Variables the adapter wants set, beside the allow-listed ones.</param>
/// <param name="StartUpBound">How long the handshake may take.</param>
/// <param name="AcceptBound">How long the first prompt may take from written to accepted.</param>
public sealed record Launch(
    IReadOnlyList<string> Arguments,
    IReadOnlyDictionary<string, string> Environment,
    MachineState State,
    TimeSpan StartUpBound,
    TimeSpan AcceptBound)
{
    /// <summary>Variables of the user's environment that the agent may see beside the common ones: names, or a prefix that ends with <c>*</c>.</summary>
    public IReadOnlyList<string> Inherits { get; init; } = [];

    /// <summary>Files and directories below the user's home that the agent needs to read and write (its login, settings, conversations), relative to it.
    /// What ends with <c>/</c> is a directory, any other a file of settings in JSON; both are made when they are not there. Empty with an isolated home.</summary>
    public IReadOnlyList<string> HomePaths { get; init; } = [];

    /// <summary>Whether two processes of the program that start up in the same home at the same time get into each other's way.</summary>
    public bool StartsAlone { get; init; }

    /// <summary>Whether the conversation to go on with can be taken up only when the minute of the clock is over in which it was made.</summary>
    public bool ResumesNextMinute { get; init; }

    /// <summary>How the first prompt gets to the agent.</summary>
    public PromptWay Prompt { get; init; }

    /// <summary>Files of ours that the program is to read.</summary>
    public IReadOnlyList<LaunchFile> Files { get; init; } = [];

    /// <summary>The command line with the prompt in it: every element that is the mark of <see cref="Prompt"/>, and no part of one, is replaced.</summary>
    /// <param name="file">Where the prompt's text is as a file, for <see cref="PromptWay.File"/>.</param>
    public IReadOnlyList<string> With(string prompt, string file) => Prompt switch
    {
        PromptWay.Talk => Arguments,
        PromptWay.Argument => [.. Arguments.Select(a => a == CommandLaunch.PromptMark ? prompt : a)],
        PromptWay.File => [.. Arguments.Select(a => a == CommandLaunch.FileMark ? file : a)],
    };
}

/// <summary>A file that is written for one process and named to it by a variable, so that nothing of the user's is touched.</summary>
/// <param name="Variable">Where the user has set it already, it stays as it is.</param>
/// <param name="Hides">Files of the machine that the program would read without the variable. Where there is one of them, the program reads that.</param>
public sealed record LaunchFile(string Variable, string Text, params string[] Hides);

/// <summary>How the first prompt gets to an agent.</summary>
public enum PromptWay
{
    /// <summary>The machine writes it to the agent's standard input.</summary>
    Talk,

    /// <summary>It is an argument of the command line, in the place of <c>{prompt}</c>.</summary>
    Argument,

    /// <summary>It is in a file whose path stands in the place of <c>{prompt_file}</c>.</summary>
    File,
}

/// <summary>What is configured for an agent cannot be started; the message says what to change.</summary>
public sealed class LaunchImpossibleException(string message) : Exception(message);
