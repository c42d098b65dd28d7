using System.Text.Json.Serialization;
using Drover.Core;

namespace Drover.Agents.Command;

/// <summary>What is remembered of a program that takes one prompt and ends.</summary>
internal sealed record CommandState : MachineState
{
    public const string Version = "command/1";

    /// <summary>The word of the dialect that its output is in.</summary>
    public required string Output { get; init; }

    public PromptWay Way { get; init; }

    /// <summary>The one prompt, once it was given.</summary>
    public MessageId? Prompt { get; init; }

    public bool InTurn { get; init; }

    /// <summary>The one turn is over.</summary>
    public bool Ended { get; init; }

    /// <summary>Nothing more goes to its standard input.</summary>
    public bool InputEnded { get; init; }

    public bool Closed { get; init; }

    public Heard Heard { get; init; } = new();

    [JsonIgnore]
    public override bool TurnOpen => !Ended && (InTurn || Prompt is not null);
}

/// <summary>What the output has shown so far, for the judgement at its end.</summary>
internal sealed record Heard
{
    public string? Conversation { get; init; }

    /// <summary>A text that is still growing.</summary>
    public string? Growing { get; init; }

    public string? LastText { get; init; }

    /// <summary>How many lines of plain text were said.</summary>
    public int Lines { get; init; }

    /// <summary>Calls that were told, and those of them that have returned.</summary>
    public IReadOnlyList<string> Called { get; init; } = [];

    public IReadOnlyList<string> Returned { get; init; } = [];

    /// <summary>The program's own word of an error, and what it means.</summary>
    public string? Error { get; init; }

    public FailureClass? ErrorClass { get; init; }

    /// <summary>A model's answer has begun and is not over.</summary>
    public bool StepOpen { get; init; }

    /// <summary>Why the model's last answer stopped, in the vendor's word.</summary>
    public string? Finish { get; init; }

    /// <summary>The id of the last counted answer.</summary>
    public string? Counted { get; init; }

    /// <summary>A call that was not permitted, in the vendor's words.</summary>
    public string? Denied { get; init; }

    /// <summary>The conversation's tokens as last reported, where reports count from its beginning.</summary>
    public TokenCount Total { get; init; } = new();
}

internal sealed record TokenCount(long Input = 0, long Output = 0, long CacheRead = 0, long CacheWrite = 0);

[JsonSerializable(typeof(CommandState))]
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
internal sealed partial class CommandJson : JsonSerializerContext;
