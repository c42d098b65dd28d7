using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Drover.Bench.Measuring;

/// <param name="Wall">From just before the spawn until its end was seen.</param>
/// <param name="Cpu">User and system time of the process and of its children that it has waited for.</param>
internal readonly record struct ChildRun(TimeSpan Wall, TimeSpan Cpu, int ExitCode);

/// <summary>Runs a program to its end with nothing between it and the clock: posix_spawn and wait4, output to nowhere.</summary>
internal static unsafe partial class Child
{
    private const int WriteOnly = 1;

    /// <param name="environment">The whole environment.</param>
    /// <exception cref="Win32Exception">The program cannot be started.</exception>
    public static ChildRun Run(IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment)
    {
        var arguments = Strings(command);
        var variables = Strings([.. environment.Select(e => $"{e.Key}={e.Value}")]);
        var actions = stackalloc byte[512];
        _ = posix_spawn_file_actions_init(actions);
        _ = posix_spawn_file_actions_addopen(actions, 1, "/dev/null", WriteOnly, 0);
        _ = posix_spawn_file_actions_addopen(actions, 2, "/dev/null", WriteOnly, 0);
        try
        {
            var began = Stopwatch.GetTimestamp();
            if (posix_spawnp(out var pid, command[0], actions, null, arguments, variables) is not 0 and var error) throw new Win32Exception(error, $"{command[0]} cannot be started");
            var usage = stackalloc long[32];
            int status;
            while (wait4(pid, &status, 0, usage) < 0)
            {
                // Interrupted by a signal.
            }

            var wall = Stopwatch.GetElapsedTime(began);
            var cpu = TimeSpan.FromSeconds(usage[0] + usage[2]) + TimeSpan.FromMicroseconds(usage[1] + usage[3]);
            return new(wall, cpu, (status & 0x7f) == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f));
        }
        finally
        {
            _ = posix_spawn_file_actions_destroy(actions);
            Free(arguments);
            Free(variables);
        }
    }

    private static byte** Strings(IReadOnlyList<string> texts)
    {
        var list = (byte**)NativeMemory.AllocZeroed((nuint)texts.Count + 1, (nuint)sizeof(byte*));
        for (var i = 0; i < texts.Count; i++)
        {
            var bytes = Encoding.UTF8.GetBytes(texts[i]);
            list[i] = (byte*)NativeMemory.AllocZeroed((nuint)bytes.Length + 1);
            bytes.CopyTo(new Span<byte>(list[i], bytes.Length));
        }

        return list;
    }

    private static void Free(byte** list)
    {
        for (var at = list; *at is not null; at++) NativeMemory.Free(*at);
        NativeMemory.Free(list);
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int posix_spawnp(out int pid, string file, byte* actions, byte* attributes, byte** arguments, byte** environment);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_init(byte* actions);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_destroy(byte* actions);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int posix_spawn_file_actions_addopen(byte* actions, int fd, string path, int flags, uint mode);

    [LibraryImport("libc")]
    private static partial int wait4(int pid, int* status, int options, long* usage);
}
