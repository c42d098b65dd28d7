using System.Text.Json;
using System.Text.Json.Serialization;
using Drover.Agents.Wire;

namespace Drover.Agents.Claude;

/// <summary>What is remembered of a conversation over stream-JSON.</summary>
internal sealed record ClaudeState : MachineState
{
    public const string Version = "claude/1";

    /// <summary>Our sandbox surrounds it and nobody wants to be asked: the machine answers questions for permission itself.</summary>
    public bool Sandboxed { get; init; }

    /// <summary>The handshake is answered, or the agent has shown otherwise that it speaks.</summary>
    public bool Greeted { get; init; }

    /// <summary>Its input is closed; nothing can be written any more.</summary>
    public bool Closed { get; init; }

    /// <summary>It reported its end before it answered the handshake.</summary>
    public bool NeverCame { get; init; }

    public IReadOnlyList<Held> Held { get; init; } = [];

    /// <summary>Ids of written messages that the agent has not taken up, in the order they were written.</summary>
    public IReadOnlyList<string> Unread { get; init; } = [];

    public bool InTurn { get; init; }

    /// <summary>A background task ended while the agent rested: the turn that starts next may be for that and is no receipt.</summary>
    public bool Woken { get; init; }

    public string? Conversation { get; init; }

    public string? Model { get; init; }

    /// <summary>The process's cumulative cost so far, in US dollars.</summary>
    public decimal Cost { get; init; }

    /// <summary>Control requests written so far; it numbers them.</summary>
    public int Requests { get; init; }

    /// <summary>Partial messages have been seen, so that a message without its end is one that was cut.</summary>
    public bool Streams { get; init; }

    public string? LastResult { get; init; }

    public IReadOnlyList<Question> Questions { get; init; } = [];

    public TurnSoFar Turn { get; init; } = new();

    [JsonIgnore]
    public override bool TurnOpen => InTurn || Unread.Count > 0 || Held.Count > 0;

    /// <summary>Whether a message would open a turn now.</summary>
    [JsonIgnore]
    public bool Rests => Greeted && !InTurn && Unread.Count == 0;
}

/// <summary>A permission question that is open. <paramref name="Input"/> is the tool's input as JSON: an answer that allows must give it back.</summary>
internal sealed record Question(string Id, string Input);

/// <summary>What the running turn has shown, for the judgement at its end.</summary>
internal sealed record TurnSoFar
{
    /// <summary>A message of the model has begun and its end has not been read.</summary>
    public bool MessageOpen { get; init; }

    /// <summary>The model itself has said or called something.</summary>
    public bool Answered { get; init; }

    /// <summary>The CLI's own word for an error that stands in place of the model's answer.</summary>
    public string? Error { get; init; }

    public string? LastText { get; init; }

    public bool LimitRejected { get; init; }

    public DateTimeOffset? ResetsAt { get; init; }

    public long Input { get; init; }

    public long Output { get; init; }

    public long CacheRead { get; init; }

    public long CacheWrite { get; init; }
}

[JsonSerializable(typeof(ClaudeState))]
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
internal sealed partial class ClaudeJson : JsonSerializerContext;
