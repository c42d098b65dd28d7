using System.Runtime.InteropServices;

namespace Drover.Server.Http;

internal static partial class Uid
{
    public static readonly uint Own = geteuid();

    [LibraryImport("libc")]
    private static partial uint geteuid();
}
