namespace Drover.Agents.Wire;

/// <summary>A step in the making: the state so far and what it has led to. It lives within one call of <see cref="IAdapter.Apply"/>.</summary>
internal sealed class Draft<TState>(TState state) where TState : MachineState
{
    private readonly List<AgentEvent> _events = [];
    private readonly List<ReadOnlyMemory<byte>> _frames = [];
    private bool _endInput;

    public TState State { get; set; } = state;

    public void Say(AgentEvent happened) => _events.Add(happened);

    public void Write(ReadOnlyMemory<byte> frame) => _frames.Add(frame);

    public void EndInput() => _endInput = true;

    public Step Done() => new(State, _events, _frames, _endInput);
}

/// <summary>A message that waits in the machine until the agent can take it.</summary>
internal sealed record Held(Core.MessageId Message, string Text);
