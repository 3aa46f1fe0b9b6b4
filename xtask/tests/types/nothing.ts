// Case nothing

export {};
