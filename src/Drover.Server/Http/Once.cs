using System.Security.Cryptography;
using System.Text;
using Drover.Api;
using Drover.Core;
using Drover.Server.Journaling;

namespace Drover.Server.Http;

/// <summary>A request with an idempotency key: done once, answered as often as it is asked.</summary>
/// <param name="Key">Null when the caller sent none; then it is done each time.</param>
internal sealed record Once(Principal Who, string? Key, string Route, string RequestHash)
{
    /// <summary>How long a repetition is known as one.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    public static Once Of(Ask ask, string method, byte[] body)
    {
        var key = ask.Http.Request.Headers["Idempotency-Key"].ToString();
        if (key.Length > 200) throw new Refusal(Problems.InvalidRequest, "the Idempotency-Key is longer than 200 characters");
        return new(ask.Who, key.Length == 0 ? null : key, $"{method} {ask.Http.Request.Path}", Convert.ToHexStringLower(SHA256.HashData(body)));
    }

    public (int Status, byte[] Body) Do(Tx tx, int status, Func<byte[]> command)
    {
        if (Key is null) return (status, command());
        if (IdempotencyTable.Get(tx, Who, Key) is { } former) return Repeat(former);
        var answer = command();
        IdempotencyTable.DeleteBefore(tx, tx.Now - Kept);
        IdempotencyTable.Insert(tx, new(Who, Key, Route, RequestHash, status, Encoding.UTF8.GetString(answer), tx.Now));
        return (status, answer);
    }

    private (int Status, byte[] Body) Repeat(IdempotencyRow former) => former.Route == Route && former.RequestHash == RequestHash
        ? (former.Status, Encoding.UTF8.GetBytes(former.Body))
        : throw new Refusal(Problems.KeyReused, $"the Idempotency-Key '{Key}' was sent with another request before; make a new one for each change");
}
