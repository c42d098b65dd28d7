using System.Text.Json;
using Drover.Core;

namespace Drover.Agents.Reading;

/// <summary>Keeps an adapter's machine in step with a recording that another client made: what that client wrote is told to the machine as the same wish, and what the
/// agent answered to that client's requests is given to the machine as the answer to its own. One object plays one recording; a vendor's way of doing this stands with its adapter.</summary>
/// <remarks>This one is for agents that take their prompt with the command line: nothing is ever written to them.</remarks>
internal class Playback
{
    private int _messages;

    /// <summary>Told before the first line, and the events of it are not shown: what a recording lacks because its client began otherwise.</summary>
    public virtual IEnumerable<Input> Prelude(Recording recording) => [];

    /// <summary>The conversation that the recorded client resumed, or null.</summary>
    public virtual string? ResumeId(Recording recording) => null;

    /// <summary>Whether the recorded client went on with a copy of that conversation.</summary>
    public virtual bool Forks(Recording recording) => false;

    /// <summary>The options that the agent would have had in <c>drover.yaml</c>.</summary>
    public virtual IReadOnlyDictionary<string, string> Options => new Dictionary<string, string>();

    /// <summary>Told before this line of the agent's, in a recording that holds only the agent's side.</summary>
    public virtual IEnumerable<Input> Before(JsonElement line, MachineState state) => [];

    /// <summary>The wish that the client's line stands for; null when the machine never wants such a thing.</summary>
    public virtual Input? Written(JsonElement message, MachineState state) => null;

    /// <summary>The agent's line as the machine is to read it; null to keep it until <see cref="Released"/>.</summary>
    public virtual ReadOnlyMemory<byte>? Heard(JsonElement line, ReadOnlyMemory<byte> bytes) => bytes;

    /// <summary>The machine wrote this. Gives the agent's answer where the recording can hold none, else null.</summary>
    public virtual ReadOnlyMemory<byte>? Wrote(JsonElement frame) => null;

    /// <summary>Lines that were kept and can be read now.</summary>
    public virtual IEnumerable<ReadOnlyMemory<byte>> Released() => [];

    /// <summary>A message: one that opens a turn is a prompt, one into a turn a steer.</summary>
    protected Input Message(string text, MachineState state, string? id = null)
    {
        var message = id is { Length: > 0 and <= 100 } ? new MessageId(id) : new MessageId($"bbbbbbbb-0000-4000-8000-{++_messages:d12}");
        return state.TurnOpen ? new Input.Say(message, text, SteerMode.Now) : new Input.Prompt(message, text);
    }

    /// <summary>The object as JSON with that member's value, given as JSON, in place of its own. All else stays as it was spelt.</summary>
    protected static string Replaced(JsonElement message, string name, string raw) =>
        "{" + string.Join(',', message.EnumerateObject().Where(m => m.Name != name).Select(m => m.ToString()).Prepend($"\"{name}\":{raw}")) + "}";
}
