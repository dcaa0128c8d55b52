// Files that a person hands over, by dropping or picking files and folders: each as `{file, folder}`.

const isHidden = (name) => name.startsWith(".") || name === "Thumbs.db" || name === "desktop.ini";

async function filesOfEntry(entry, folder) {
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
    return isHidden(file.name) ? [] : [{ file, folder }];
  }
  const reader = entry.createReader();
  const path = folder ? `${folder}/${entry.name}` : entry.name;
  const found = [];
  for (;;) {
    // A reader hands out a hundred at a time, then none.
    const entries = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!entries.length) return found;
    for (const inner of entries) found.push(...(await filesOfEntry(inner, path)));
  }
}

export async function filesOfDrop(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.length) return [...transfer.files].map((file) => ({ file, folder: "" }));
  return (await Promise.all(entries.map((entry) => filesOfEntry(entry, "")))).flat();
}

export const filesOfInput = (input) =>
  [...input.files]
    .filter((file) => !input.webkitdirectory || !isHidden(file.name))
    .map((file) => ({ file, folder: (file.webkitRelativePath || "").split("/").slice(0, -1).join("/") }));
