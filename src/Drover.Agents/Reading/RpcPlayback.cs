using System.Text;
using System.Text.Json;
using Drover.Agents.Wire;

namespace Drover.Agents.Reading;

/// <summary>Recordings of JSON-RPC: the machine's requests are paired with the recorded client's, method by method in their order.</summary>
internal abstract class RpcPlayback : Playback
{
    private readonly Dictionary<string, Queue<string>> _recorded = [];
    private readonly HashSet<string> _pending = [];

    /// <summary>The recorded client's ids and the machine's, as they are spelt in JSON.</summary>
    private readonly Dictionary<string, string> _ours = [];

    private readonly List<(string Method, string Id)> _unanswered = [];
    private readonly List<(string Id, JsonElement Line)> _kept = [];

    public override IEnumerable<Input> Prelude(Recording recording)
    {
        foreach (var message in recording.Messages(fromAgent: false))
        {
            if (message.Text("method") is not { } method || RawId(message) is not { } id) continue;
            if (!_recorded.TryGetValue(method, out var ids)) _recorded[method] = ids = new();
            ids.Enqueue(id);
            _pending.Add(id);
        }

        return [];
    }

    /// <summary>The method of the request that such a response answers, told by its shape, for recordings without requests.</summary>
    protected abstract string? MethodOf(JsonElement response);

    /// <summary>The result to give to a request that the recorded client never made, as JSON; null to leave it unanswered.</summary>
    protected abstract string? ResultOf(string method);

    public override ReadOnlyMemory<byte>? Heard(JsonElement line, ReadOnlyMemory<byte> bytes)
    {
        if (line.At("method").Exists() || RawId(line) is not { } id || !(line.At("result").Exists() || line.At("error").Exists())) return bytes;
        if (_ours.TryGetValue(id, out var ours)) return ours == id ? bytes : WithId(line, ours);
        if (_pending.Contains(id))
        {
            // The machine waits with this request until an earlier one is answered; it would not know the answer yet.
            _kept.Add((id, line));
            return null;
        }

        var at = MethodOf(line) is { } method ? _unanswered.FindIndex(r => r.Method == method) : -1;
        if (at < 0 && line.At("error").Exists() && _unanswered.Count > 0) at = 0; // an error has no shape of its own
        if (at >= 0)
        {
            var found = _unanswered[at].Id;
            _unanswered.RemoveAt(at);
            return WithId(line, found);
        }

        return WithId(line, Frame.Quoted($"recorded {id}"));
    }

    public override ReadOnlyMemory<byte>? Wrote(JsonElement frame)
    {
        if (frame.Text("method") is not { } method || RawId(frame) is not { } id) return null;
        if (_recorded.TryGetValue(method, out var ids) && ids.TryDequeue(out var theirs))
        {
            _ours[theirs] = id;
            return null;
        }

        if (ResultOf(method) is { } result) return Encoding.UTF8.GetBytes($$"""{"id":{{id}},"result":{{result}}}""");
        _unanswered.Add((method, id));
        return null;
    }

    public override IEnumerable<ReadOnlyMemory<byte>> Released()
    {
        while (_kept.FindIndex(k => _ours.ContainsKey(k.Id)) is >= 0 and var at)
        {
            var (id, line) = _kept[at];
            _kept.RemoveAt(at);
            yield return WithId(line, _ours[id]);
        }
    }

    protected static string? RawId(JsonElement message) =>
        message.At("id") is { ValueKind: JsonValueKind.Number or JsonValueKind.String } id ? id.GetRawText() : null;

    private static ReadOnlyMemory<byte> WithId(JsonElement line, string rawId) => Encoding.UTF8.GetBytes(Replaced(line, "id", rawId));
}
