using System.Text.Json.Serialization;
using Drover.Agents.Wire;
using Drover.Core;

namespace Drover.Agents.Acp;

/// <summary>How far the connection has come.</summary>
internal enum AcpPhase
{
    /// <summary>The protocol's version and the agent's abilities are being asked.</summary>
    Greeting,

    /// <summary>The conversation is being made or loaded. Its history, which some agents send, is not told again.</summary>
    Opening,

    /// <summary>Model and mode are being set.</summary>
    Setting,

    Ready,

    /// <summary>It will never take a prompt.</summary>
    Failed,
}

/// <summary>What is remembered of a conversation over the Agent Client Protocol.</summary>
internal sealed record AcpState : MachineState
{
    public const string Version = "acp/2";

    public required string WorkingDirectory { get; init; }

    public bool Sandboxed { get; init; }

    /// <summary>Every question for permission is passed on, and the agent's mode is the one that asks.</summary>
    public bool Asks { get; init; }

    public string? ResumeId { get; init; }

    /// <summary>The conversation to be resumed is only the beginning of one of its own.</summary>
    public bool Forks { get; init; }

    /// <summary>Tool servers that the agent is to start.</summary>
    public IReadOnlyList<McpServer> Servers { get; init; } = [];

    public string? WantedModel { get; init; }

    public string? WantedMode { get; init; }

    /// <summary>The agent's own settings that are wanted, by the ids it lists them with.</summary>
    public IReadOnlyDictionary<string, string> WantedSettings { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether we offer to read and write files of the worktree for the agent.</summary>
    public bool Delegates { get; init; }

    /// <summary>Whether we offer to run commands for the agent.</summary>
    public bool RunsCommands { get; init; }

    /// <summary>Whether of that only the writing is offered.</summary>
    public bool ReadsItself { get; init; }

    /// <summary>Whether the agent is known to take up a second prompt within the running turn.</summary>
    public bool Steers { get; init; }

    public AcpPhase Phase { get; init; }

    /// <summary>The id of our last request; they count up from 1.</summary>
    public int LastId { get; init; }

    /// <summary>Our settings that are not yet answered.</summary>
    public IReadOnlyList<Setting> Settings { get; init; } = [];

    public string? AgentName { get; init; }

    public string? AgentVersion { get; init; }

    public string? Session { get; init; }

    public IReadOnlyList<Held> Held { get; init; } = [];

    /// <summary>The prompts whose responses are not yet read, in the order they were written: one, and those that steer its turn.</summary>
    public IReadOnlyList<Flight> Flights { get; init; } = [];

    /// <summary>A prompt has been written. Until then, whatever a loaded conversation says is its history.</summary>
    public bool Prompted { get; init; }

    /// <summary>The running turn was asked to end.</summary>
    public bool Cancelling { get; init; }

    public bool Closed { get; init; }

    public IReadOnlyList<Question> Questions { get; init; } = [];

    public IReadOnlyList<Errand> Errands { get; init; } = [];

    public IReadOnlyList<Terminal> Commands { get; init; } = [];

    /// <summary>How many commands were ever asked for; their ids count up.</summary>
    public int LastCommand { get; init; }

    /// <summary>The conversation's cumulative cost when the last turn ended; null while unknown, as in one that was loaded.</summary>
    public decimal? CostBefore { get; init; }

    public decimal? CostNow { get; init; }

    public Block? Block { get; init; }

    public IReadOnlyList<Tool> Tools { get; init; } = [];

    public TurnSoFar Turn { get; init; } = new();

    [JsonIgnore]
    public override bool TurnOpen => Flights.Count > 0 || Held.Count > 0;

    /// <summary>The responses to all prompts of a turn come together at its end. OpenCode 1.18 sometimes forgets some of them, when the turn began just after one that was
    /// cancelled. An agent that answers a prompt as soon as it takes up the next one tells no tokens with that answer, and may think about the next for long.</summary>
    [JsonIgnore]
    public override TimeSpan? Patience => Flights is [{ Started: false }, ..] && Turn.Answered is not null && (Cancelling || Turn.UsageTold) ? TimeSpan.FromSeconds(30) : null;

    [JsonIgnore]
    public override IReadOnlyList<Terminal> Terminals => Commands;

    /// <summary>Whether a prompt has been written whose turn has not ended.</summary>
    [JsonIgnore]
    public bool Works => Flights.Count > 0;
}

internal sealed record Setting(int Id, string What, string Value);

/// <param name="Started">Whether the agent has shown that it works on it, and so that it has read it.</param>
internal sealed record Flight(int Id, MessageId Message, bool Started);

/// <summary>A file that is being read or written for the agent. <paramref name="RawId"/> is the request's id as the agent spelt it.</summary>
internal sealed record Errand(string RawId, bool IsRead);

/// <summary>An open permission question. <paramref name="RawId"/> is the request's id as the agent spelt it: a number or a quoted string.</summary>
/// <param name="Command">What the question is about when the agent asked for a command and not for a permission.</param>
internal sealed record Question(string RawId, string? Allow, string? Deny, Terminal? Command = null);

/// <summary>A text or a thought that is still growing.</summary>
internal sealed record Block(bool IsThought, string? MessageId, string Text)
{
    /// <summary>A block is told in pieces of this many characters, since the whole of it is in every checkpoint.</summary>
    public const int Longest = 16 * 1024;
}

/// <summary>A tool call of the running turn.</summary>
internal sealed record Tool(string Id)
{
    public string? Kind { get; init; }

    public string? Title { get; init; }

    /// <summary>Its arguments as JSON, once known.</summary>
    public string? Input { get; init; }

    public bool Told { get; init; }

    public bool Done { get; init; }
}

internal sealed record TurnSoFar
{
    /// <summary>The agent has begun to work.</summary>
    public bool Begun { get; init; }

    /// <summary>How the turn ended by the response to its first prompt, while those to others that went into it are not yet there.</summary>
    public TurnEnding? Answered { get; init; }

    public bool UsageTold { get; init; }

    public string? LastText { get; init; }

    public bool CalledTools { get; init; }

    /// <summary>The agent's own state says that its system failed, whatever the turn's stop reason says.</summary>
    public bool SystemError { get; init; }

    public long Input { get; init; }

    public long Output { get; init; }

    public long CacheRead { get; init; }
}

[JsonSerializable(typeof(AcpState))]
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
internal sealed partial class AcpJson : JsonSerializerContext;
