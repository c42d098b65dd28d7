using System.Security.Cryptography;
using System.Text;
using Drover.Core;

namespace Drover.Server.Runs;

/// <summary>A run's token proves to the server which run asks. It is computed from a secret of this state directory and the run's id, so that it can be
/// given to the agent again after a crash without ever being stored; rows hold only its hash.</summary>
internal sealed class RunTokens
{
    private readonly byte[] _secret;

    private RunTokens(byte[] secret) => _secret = secret;

    /// <summary>Reads the secret, or makes it (mode 0600, by temporary file and rename).</summary>
    public static RunTokens Open(string home)
    {
        var path = Path.Combine(home, "secret");
        if (!File.Exists(path))
        {
            var temporary = path + ".new";
            using (var file = new FileStream(temporary, new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }))
            {
                file.Write(RandomNumberGenerator.GetBytes(32));
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path);
        }

        return new(File.ReadAllBytes(path));
    }

    public string TokenOf(RunId run) => "drover_run_" + Convert.ToHexStringLower(HMACSHA256.HashData(_secret, Encoding.ASCII.GetBytes(run.Value)));
}
