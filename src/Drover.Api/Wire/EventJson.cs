using System.Text.Json;
using System.Text.Json.Serialization;

namespace Drover.Api;

/// <summary>An entry of the journal.</summary>
/// <param name="Seq">Global, ascending, without gap or repetition; null for a live delta, which is not kept.</param>
/// <param name="Cursor">Where to go on after this entry. Opaque.</param>
/// <param name="Actor">Who did it, as <c>kind:id</c>.</param>
public sealed record EventJson(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Seq,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Cursor,
    string Type, string? Run, string? Ticket, string? Actor, DateTimeOffset At, JsonElement Data);
