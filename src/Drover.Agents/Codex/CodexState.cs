using System.Text.Json.Serialization;
using Drover.Core;

namespace Drover.Agents.Codex;

/// <summary>How far the connection has come.</summary>
internal enum CodexPhase
{
    /// <summary>The server is being greeted.</summary>
    Greeting,

    /// <summary>The thread is being made, loaded or copied.</summary>
    Opening,

    Ready,

    /// <summary>It will never take a prompt.</summary>
    Failed,
}

/// <summary>What is remembered of a conversation with the app server.</summary>
internal sealed record CodexState : MachineState
{
    public const string Version = "codex/1";

    public required ThreadWish Wish { get; init; }

    /// <summary>Our sandbox surrounds it and nobody wants to be asked: the machine answers questions for permission itself.</summary>
    public bool AnswersItself { get; init; }

    public CodexPhase Phase { get; init; }

    /// <summary>The id of our last request; they count up from 1.</summary>
    public int LastId { get; init; }

    public string? AgentVersion { get; init; }

    public string? Thread { get; init; }

    /// <summary>Messages that open a turn of their own, one after the other.</summary>
    public IReadOnlyList<Note> Held { get; init; } = [];

    /// <summary>Messages for the turn that was asked for and has not begun: the server takes none for it before.</summary>
    public IReadOnlyList<Note> ForNow { get; init; } = [];

    /// <summary>Messages that were written and of which the conversation has not shown the item.</summary>
    public IReadOnlyList<Sent> Sent { get; init; } = [];

    /// <summary>The turn that was asked for or runs.</summary>
    public Turn? Turn { get; init; }

    /// <summary>The turn that ended last: whatever is said of it again is not about a new one.</summary>
    public string? LastTurn { get; init; }

    public bool Closed { get; init; }

    public IReadOnlyList<Question> Questions { get; init; } = [];

    public IReadOnlyList<Item> Items { get; init; } = [];

    public IReadOnlyList<Total> Totals { get; init; } = [];

    /// <summary>What the server last said about the account's limits.</summary>
    public Quota? Quota { get; init; }

    [JsonIgnore]
    public override bool TurnOpen => Turn is not null || Sent.Count > 0 || ForNow.Count > 0 || Held.Count > 0;
}

/// <param name="Sandbox">The server's own: <c>danger-full-access</c> or <c>workspace-write</c>.</param>
/// <param name="Asks">When it asks for permission: <c>never</c>, <c>on-request</c> or <c>untrusted</c>.</param>
internal sealed record ThreadWish(string WorkingDirectory, string Sandbox, string Asks)
{
    public string? Model { get; init; }

    public string? ResumeId { get; init; }

    /// <summary>Whether <see cref="ResumeId"/> is to be copied and stays as it is.</summary>
    public bool Forks { get; init; }

    public string? AppendedPrompt { get; init; }
}

/// <summary>A message of ours.</summary>
internal sealed record Note(MessageId Message, string Text)
{
    /// <summary>It was written before, and the agent did not take it: its writing is told already.</summary>
    public bool Written { get; init; }

    /// <summary>A turn was interrupted for it.</summary>
    public bool Instead { get; init; }
}

/// <summary>A message that was written with this request.</summary>
internal sealed record Sent(int Request, Note Note)
{
    /// <summary>The turn it was written into; null when it was to open one.</summary>
    public string? Steers { get; init; }

    /// <summary>The request was answered with yes. The message is not in the conversation before its item has come: an interrupt drops it.</summary>
    public bool Answered { get; init; }
}

internal sealed record Turn
{
    /// <summary>Null until the server has told it.</summary>
    public string? Id { get; init; }

    public bool Started { get; init; }

    /// <summary>It is to end: asked for already, or to be asked for as soon as it has begun, since the server refuses it before.</summary>
    public bool Ending { get; init; }

    /// <summary>Our request to end it.</summary>
    public int? Interrupt { get; init; }

    public string? LastText { get; init; }

    /// <summary>The thread's own state says that its system failed.</summary>
    public bool SystemError { get; init; }
}

/// <summary>An open request of the server. <paramref name="RawId"/> is the request's id as it was spelt.</summary>
internal sealed record Question(string RawId, Asked Kind)
{
    /// <summary>The permissions that were asked for, as JSON; only with <see cref="Asked.Permissions"/>.</summary>
    public string? Permissions { get; init; }

    /// <summary>The ids of the questions put to the user; only with <see cref="Asked.Choice"/>.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];
}

/// <summary>What kind of answer a request of the server takes.</summary>
internal enum Asked { Decision, Permissions, Choice, Elicitation }

/// <summary>A tool call. One that is over is remembered for a while, so that a repeated line is not taken for a new one.</summary>
internal sealed record Item(string Id)
{
    public bool IsOver { get; init; }

    public bool IsCommand { get; init; }

    /// <summary>What it changes, while nobody has been asked about it; only of changes to files.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    public string? Diff { get; init; }
}

/// <summary>The tokens that a thread has used so far. Null numbers do not exist: a thread that was loaded begins with what the server says first.</summary>
internal sealed record Total(string Thread, long Input, long Output, long CacheRead, long CacheWrite);

/// <param name="UsedPercent">Of the window that is fullest.</param>
internal sealed record Quota(long UsedPercent, long? WindowMinutes, DateTimeOffset? ResetsAt);

[JsonSerializable(typeof(CodexState))]
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
internal sealed partial class CodexJson : JsonSerializerContext;
