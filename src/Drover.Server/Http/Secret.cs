using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Drover.Server.Http;

/// <summary>Random words that open doors. Rows hold only their hash.</summary>
internal static class Secret
{
    /// <summary>256 random bits that may stand in an address and in a cookie.</summary>
    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
