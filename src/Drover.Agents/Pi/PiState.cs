using System.Text.Json.Serialization;
using Drover.Core;

namespace Drover.Agents.Pi;

/// <summary>What is remembered of a conversation in RPC mode.</summary>
internal sealed record PiState : MachineState
{
    public const string Version = "pi/1";

    /// <summary>The handshake is answered, or the agent has shown otherwise that it speaks.</summary>
    public bool Greeted { get; init; }

    /// <summary>Its input is closed; nothing can be written any more.</summary>
    public bool Closed { get; init; }

    public string? Conversation { get; init; }

    public string? SessionFile { get; init; }

    public string? Model { get; init; }

    /// <summary>Messages that wait until the agent can take them.</summary>
    public IReadOnlyList<PiMessage> Held { get; init; } = [];

    /// <summary>Written messages that the model's loop has not taken up, in the order they were written.</summary>
    public IReadOnlyList<PiMessage> Unread { get; init; } = [];

    public bool InTurn { get; init; }

    /// <summary>Between <c>agent_start</c> and <c>agent_end</c>. A turn may have several such runs: a retry is one of its own.</summary>
    public bool Running { get; init; }

    /// <summary>The agent has said that it will try again.</summary>
    public bool Retrying { get; init; }

    /// <summary>It makes its history shorter; a prompt would run into that.</summary>
    public bool Compacting { get; init; }

    /// <summary>The turn was to be ended and has not ended.</summary>
    public bool Aborting { get; init; }

    /// <summary>Requests of our own so far; it numbers them.</summary>
    public int Requests { get; init; }

    /// <summary>The question whether it rests that is not answered yet, and whether to ask again then.</summary>
    public string? Probe { get; init; }

    public bool ProbeAgain { get; init; }

    /// <summary>The request that is to rid it of messages which it holds and does not take up.</summary>
    public string? Emptying { get; init; }

    public IReadOnlyList<string> OpenTools { get; init; } = [];

    public PiTurn Turn { get; init; } = new();

    [JsonIgnore]
    public override bool TurnOpen => InTurn || Unread.Count > 0 || Held.Count > 0;

    /// <summary>Whether a message would open a turn now.</summary>
    [JsonIgnore]
    public bool Rests => Greeted && !InTurn && !Compacting && Unread.Count == 0 && Emptying is null;

    /// <summary>Whether a message would reach the running turn. Only one may be under way: two that arrive at the end of a run would both try to open the next,
    /// and the second is then lost without a word.</summary>
    [JsonIgnore]
    public bool TakesNow => Running && !Compacting && Unread.All(m => m.Answered);
}

/// <param name="Text">As written.</param>
internal sealed record PiMessage(MessageId Message, string Text)
{
    /// <summary>It is for the running turn.</summary>
    public bool Now { get; init; }

    /// <summary>Its writing has been told; it may have to be written again, since the agent has dropped it unread.</summary>
    public bool Told { get; init; }

    /// <summary>The agent has acknowledged the command. That is not yet a receipt of the model's loop.</summary>
    public bool Answered { get; init; }
}

/// <summary>What the running turn has shown, for the judgement at its end.</summary>
internal sealed record PiTurn
{
    /// <summary>No message of a user has been seen in it.</summary>
    public bool Opening { get; init; } = true;

    /// <summary>A message of the model has begun and its end has not been read.</summary>
    public bool MessageOpen { get; init; }

    /// <summary>Why the model's last message stopped, in pi's word.</summary>
    public string? Stop { get; init; }

    public string? Error { get; init; }

    public string? LastText { get; init; }

    /// <summary>A retry that had been announced was called off.</summary>
    public bool CalledOff { get; init; }

    /// <summary>The run has said that it is over.</summary>
    public bool Over { get; init; }
}

[JsonSerializable(typeof(PiState))]
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
internal sealed partial class PiJson : JsonSerializerContext;
