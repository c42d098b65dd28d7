using System.Text.Json.Serialization;
using Drover.Agents.Command;
using Drover.Agents.Wire;

namespace Drover.Agents.OpenCode;

/// <summary>What is remembered of a conversation with <c>opencode serve</c>.</summary>
internal sealed record ServeState : MachineState
{
    public const string Version = "opencode-serve/1";

    /// <summary>The conversation; those of its sub-agents have others.</summary>
    public string? Session { get; init; }

    /// <summary>Messages that the server was given and has not yet shown among the conversation's.</summary>
    public IReadOnlyList<Held> Unread { get; init; } = [];

    public bool InTurn { get; init; }

    public IReadOnlyList<string> Questions { get; init; } = [];

    /// <summary>The parts that were told, by their ids.</summary>
    public IReadOnlyList<string> Told { get; init; } = [];

    public Heard Heard { get; init; } = new();

    [JsonIgnore]
    public override bool TurnOpen => InTurn || Unread.Count > 0;
}

[JsonSerializable(typeof(ServeState))]
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
internal sealed partial class ServeJson : JsonSerializerContext;
